// Puts the page, LiteRT.js and a model into one folder, which any web server can serve.
//
//     node build.mjs [MODEL.tflite]          # writes dist/, the shipped sentiment model unless given

import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const SHIPPED = here("../../saved_models/eelbert_plus_sst2/model_int8.tflite");
const [model = SHIPPED] = process.argv.slice(2);
const folder = here("dist");

// The runtime for browsers with relaxed SIMD, and for those without; a browser loads one of them.
const WASM = ["litert_wasm_internal", "litert_wasm_compat_internal"];
const WORKER = "service-worker.js";

await rm(folder, { recursive: true, force: true });
await mkdir(`${folder}/litert`, { recursive: true });
await cp(here("src"), folder, { recursive: true });
await cp(model, `${folder}/model.tflite`);
for (const name of ["core", "wasm-utils"]) {
  await cp(here(`node_modules/@litertjs/${name}/dist/index.js`), `${folder}/litert/${name}.js`);
}
const pageFiles = await files();
for (const name of WASM.flatMap((name) => [`${name}.js`, `${name}.wasm`])) {
  await cp(here(`node_modules/@litertjs/core/wasm/${name}`), `${folder}/litert/${name}`);
}

// Another version makes the service worker fetch everything anew.
const hash = createHash("sha256");
for (const name of await files()) hash.update(name).update(await readFile(`${folder}/${name}`));
const worker = (await readFile(`${folder}/${WORKER}`, "utf8"))
  .replace('VERSION = "VERSION"', `VERSION = "${hash.digest("hex").slice(0, 12)}"`)
  .replace("FILES = []", `FILES = ${JSON.stringify(["./", ...pageFiles])}`);
await writeFile(`${folder}/${WORKER}`, worker);
console.log(`built ${folder}`);

async function files() {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name !== WORKER)
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .sort();
}
