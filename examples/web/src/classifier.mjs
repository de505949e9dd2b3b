// Text to probabilities: LiteRT.js runs the same `.tflite` as phones do.

import { loadAndCompile, loadLiteRt, Tensor } from "@litertjs/core";
import { readSettings } from "./settings.mjs";

/** The code points of a text, cut or padded with zeros to one length: all that the model takes. */
export function toCodePoints(text, length) {
  const points = new Int32Array(length);
  let index = 0;
  for (const character of text) {
    if (index === length) break;
    points[index++] = character.codePointAt(0);
  }
  return points;
}

/**
 * Loads the runtime and a classifier of single texts.
 *
 * @param {string} url The `.tflite` file.
 * @param {string} runtime The folder of LiteRT.js's WebAssembly.
 * @returns {Promise<{labels: string[], maxWords: number, maxCharacters: number, bytes: number,
 *   probabilities: (text: string) => Promise<number[]>}>}
 */
export async function loadClassifier(url, runtime) {
  const [response] = await Promise.all([fetch(url), loadLiteRt(runtime)]);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  const file = new Uint8Array(await response.arrayBuffer());
  const { labels, max_words, max_characters, pair } = await readSettings(file);
  if (!labels || pair) throw new Error("This page shows classifiers of single texts.");
  const model = await loadAndCompile(file, { accelerator: "wasm" });

  async function probabilities(text) {
    const input = new Tensor(toCodePoints(text, max_characters), [1, max_characters]);
    const { probabilities: output } = await model.run({ code_points: input });
    const result = Array.from(output.toTypedArray());
    input.delete();
    output.delete();
    return result;
  }

  return {
    labels,
    maxWords: max_words,
    maxCharacters: max_characters,
    bytes: file.length,
    probabilities,
  };
}
