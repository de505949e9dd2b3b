// Uses examples/web as people do, and prints what it saw as JSON.
//
//     node web_page.mjs FOLDER < TEXTS       TEXTS: JSON, a list of lists of UTF-16 code units

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { withPage } from "./chromium.mjs";
import { serve } from "./server.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core");
const PHONE = { width: 320, height: 640 };

const folder = process.argv[2];
const texts = JSON.parse(await readFile("/dev/stdin", "utf8"));
const server = await serve(folder);
const seen = { answers: [], hosts: [], axe: [], overflow: [] };

try {
  for (const colorScheme of ["light", "dark"]) {
    await withPage({ viewport: PHONE, colorScheme, serviceWorkers: "block" }, looks);
  }
  await withPage({ serviceWorkers: "block" }, withoutModel);
  await withPage({}, visit);
} finally {
  await server.stop();
}
console.log(JSON.stringify(seen));

async function visit(page) {
  page.on("request", (request) => seen.hosts.push(new URL(request.url()).host));
  await page.goto(server.url);
  await ready(page);
  seen.offlineBadge = await page.textContent("#offline");
  seen.bytes = await page.textContent("#bytes");
  for (const units of texts) seen.answers.push(await answer(page, units));
  await keyboard(page);
  seen.aria = await page.locator("body").ariaSnapshot();
  await server.stop();
  await page.reload();
  await ready(page);
  seen.answerOffline = await answer(page, texts[0]);
}

async function answer(page, units) {
  await page.evaluate((units) => {
    const textarea = document.querySelector("#text");
    textarea.value = String.fromCharCode(...units);
    textarea.dispatchEvent(new Event("input"));
  }, units);
  await scored(page);
  return page.evaluate(() => {
    const shown = (selector) => document.querySelector(selector).textContent;
    const all = (selector) => Array.from(document.querySelectorAll(selector));
    return {
      label: shown("#answer"),
      milliseconds: shown("#milliseconds"),
      notice: shown("#window"),
      shares: Object.fromEntries(
        all("#bars li").map((row) => [
          row.querySelector(".label").textContent,
          Number(row.querySelector(".bar").style.getPropertyValue("--share")),
        ]),
      ),
      scores: all("#scores tr").map((row) =>
        Array.from(row.cells, (cell) => cell.textContent),
      ),
    };
  });
}

async function scored(page) {
  await page.waitForFunction(
    () => document.querySelector("#words").textContent === document.querySelector("#text").value,
  );
}

async function ready(page) {
  await page.waitForSelector("#words span");
}

async function keyboard(page) {
  const press = (key) => page.keyboard.press(key);
  await page.evaluate(() => document.activeElement.blur());
  await press("Tab");
  seen.firstFocus = await page.evaluate(() => document.activeElement.id);
  await press("ControlOrMeta+A");
  await page.keyboard.type("awful");
  await spoken(page, "awful");
  seen.typed = await page.textContent("#answer");
  await press("Tab");
  await press("Enter");
  seen.chosen = await page.inputValue("#text");
  for (let step = 0; step < 3; step += 1) await press("Tab");
  await press("Enter");
  seen.tableOpen = await page.evaluate(() => document.querySelector("details").open);
  await spoken(page, seen.chosen);
}

/** Waits until the answer that a screen reader hears is that of this text. */
async function spoken(page, text) {
  await page.waitForFunction((text) => {
    const content = (selector) => document.querySelector(selector).textContent;
    const answer = `${content("#answer")}, ${content("#bars .first .share")}`;
    const typed = document.querySelector("#text").value;
    return typed === text && content("#words") === text && content("#spoken") === answer;
  }, text);
}

async function looks(page) {
  await page.goto(server.url);
  await ready(page);
  await page.click("summary");
  await page.addScriptTag({ path: AXE });
  const { violations, passes } = await page.evaluate(() => axe.run());
  seen.axe.push(...violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`));
  seen.axeRules = passes.map(({ id }) => id);
  seen.overflow.push(await page.evaluate(() => document.documentElement.scrollWidth));
}

async function withoutModel(page) {
  await page.route("**/model.tflite", (route) => route.fulfill({ status: 404 }));
  await page.goto(server.url);
  await page.waitForSelector("#error:not([hidden])");
  seen.error = await page.textContent("#error");
}
