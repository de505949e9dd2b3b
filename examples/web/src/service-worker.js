// Keeps all that the page needs, so that after one visit it needs no network.

const VERSION = "VERSION"; // the build puts a hash of all files here
const FILES = []; // and their names here, without those of the runtime
const STORE = `eelbert-${VERSION}`;
const RUNTIME = new URL(self.location).searchParams.get("runtime");

self.addEventListener("install", (event) => {
  const files = [...FILES, `litert/${RUNTIME}.js`, `litert/${RUNTIME}.wasm`];
  const fresh = files.map((file) => new Request(file, { cache: "reload" }));
  self.skipWaiting();
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  const takeOver = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("eelbert-") && name !== STORE) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(takeOver());
});

self.addEventListener("fetch", (event) => {
  event.respondWith(
    caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request)),
  );
});
