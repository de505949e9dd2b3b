// Draws the page of examples/web, light and dark beside each other.
//
//     node screenshot.mjs FOLDER PICTURE.png

import { withPage } from "./chromium.mjs";
import { serve } from "./server.mjs";

const VIEW = { width: 560, height: 990 };
const [folder, picture] = process.argv.slice(2);
const server = await serve(folder);

try {
  const images = [];
  for (const colorScheme of ["light", "dark"]) {
    await withPage({ viewport: VIEW, deviceScaleFactor: 1.5, colorScheme }, async (page) => {
      await page.goto(server.url);
      await page.waitForSelector("#words span");
      // The first runs of a page are not yet compiled to the end, and take longer.
      for (let run = 0; run < 50; run += 1) {
        await page.dispatchEvent("#text", "input");
        await page.waitForTimeout(20);
      }
      await page.waitForTimeout(500);
      const image = await page.screenshot();
      images.push(`data:image/png;base64,${image.toString("base64")}`);
    });
  }
  const view = { width: 2 * VIEW.width, height: VIEW.height };
  await withPage({ viewport: view, deviceScaleFactor: 1.5 }, async (page) => {
    const columns = images.map((image) => `<img src="${image}" width="${VIEW.width}" alt="">`);
    await page.setContent(`<body style="margin: 0; display: flex">${columns.join("")}</body>`);
    await page.screenshot({ path: picture });
  });
} finally {
  await server.stop();
}
console.log(JSON.stringify(picture));
