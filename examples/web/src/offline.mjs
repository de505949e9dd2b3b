// Registers the service worker, which keeps all that the page needs.

import { supportsFeature } from "@litertjs/core";

/**
 * Waits until the service worker has stored everything and answers the page's requests.
 *
 * @returns {Promise<boolean>} Whether it does; it does not without HTTPS, or where it is forbidden.
 */
export async function keepOffline() {
  // The one of its two builds that LiteRT.js will load in this browser.
  const runtime = (await supportsFeature("relaxedSimd"))
    ? "litert_wasm_internal"
    : "litert_wasm_compat_internal";
  try {
    const worker = `service-worker.js?runtime=${runtime}`;
    const { installing, waiting, active } = await navigator.serviceWorker.register(worker);
    const latest = installing ?? waiting ?? active;
    while (!["activated", "redundant"].includes(latest.state)) {
      await new Promise((resolve) =>
        latest.addEventListener("statechange", resolve, { once: true }),
      );
    }
    return navigator.serviceWorker.controller !== null;
  } catch {
    return false;
  }
}
