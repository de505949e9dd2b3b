// Puts texts to MediaPipe's tasks in a page, and prints what they answer as JSON.
//
//     node mediapipe.mjs < CASES     CASES: JSON, [{"task", "model", "texts"}], a task of MediaPipe,
//                                    a file in this folder, texts as lists of UTF-16 code units

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { withPage } from "./chromium.mjs";
import { serve } from "./server.mjs";

const cases = JSON.parse(await readFile("/dev/stdin", "utf8"));
const server = await serve(fileURLToPath(new URL(".", import.meta.url)));
const seen = { answers: [], hosts: [] };

try {
  await withPage({}, async (page) => {
    page.on("request", (request) => seen.hosts.push(new URL(request.url()).host));
    await page.goto(server.url);
    for (const given of cases) seen.answers.push(await page.evaluate(answers, given));
  });
} finally {
  await server.stop();
}
console.log(JSON.stringify(seen));

/** Runs in the page. */
async function answers({ task, model, texts }) {
  const folder = "/node_modules/@mediapipe/tasks-text";
  const mediapipe = await import(`${folder}/text_bundle.mjs`);
  const files = await mediapipe.FilesetResolver.forTextTasks(`${folder}/wasm`);
  const runner = await mediapipe[task].createFromModelPath(files, `/${model}`);
  const strings = texts.map((units) => String.fromCharCode(...units));
  if (task === "TextEmbedder") {
    return strings.map((text) => runner.embed(text).embeddings[0].floatEmbedding);
  }
  return strings.map((text) => {
    const { categories } = runner.classify(text).classifications[0];
    return Object.fromEntries(categories.map(({ categoryName, score }) => [categoryName, score]));
  });
}
