// Reads the zip archive that `eelbert export` puts behind a model.

const END_OF_DIRECTORY = 0x06054b50;
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
const DEFLATED = 8;

/**
 * The settings of a model: labels, window, kind of problem.
 *
 * @param {Uint8Array} bytes A `.tflite` file.
 * @returns {Promise<object>} Its `eelbert.json`.
 * @throws {Error} The file holds none.
 */
export async function readSettings(bytes) {
  const file = zipEntry(bytes, "eelbert.json");
  if (!file) throw new Error("The model holds no eelbert.json: `eelbert export` did not write it.");
  const { data, method } = file;
  if (method !== DEFLATED) return JSON.parse(new TextDecoder().decode(data));
  const inflated = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(inflated).json();
}

function zipEntry(bytes, name) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END_LENGTH;
  while (end >= 0 && view.getUint32(end, true) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) return null;
  const directoryLength = view.getUint32(end + 12, true);
  // Offsets count from where the archive begins, which is behind the model.
  const start = end - directoryLength - view.getUint32(end + 16, true);
  let entry = end - directoryLength;
  while (entry < end) {
    const nameLength = view.getUint16(entry + 28, true);
    const extraLength = view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
    const nameBytes = bytes.subarray(entry + ENTRY_LENGTH, entry + ENTRY_LENGTH + nameLength);
    if (new TextDecoder().decode(nameBytes) === name) {
      const local = start + view.getUint32(entry + 42, true);
      const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const data = bytes.subarray(from, from + view.getUint32(entry + 20, true));
      return { data, method: view.getUint16(entry + 10, true) };
    }
    entry += ENTRY_LENGTH + nameLength + extraLength;
  }
  return null;
}
