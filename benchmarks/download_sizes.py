"""What a model and each runtime add to an app or a page, in kB. Needs pip and Node.js.

    python benchmarks/download_sizes.py

Writes results/download_sizes.json and results/download_sizes.md.
"""

import datetime
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks/results"
sys.path.insert(0, str(ROOT))

from tests.environments import node  # noqa: E402

MODELS = ("eelbert_uno_sst2", "eelbert_plus_sst2")
LITERT = "2.3.0"
ARM = "manylinux_2_27_aarch64"


def size(*contents):
    return {
        "bytes": sum(map(len, contents)),
        "gzip": sum(len(gzip.compress(content, mtime=0)) for content in contents),
    }


def litert_library(directory):
    """The runtime's library for 64-bit ARM, from the wheel for Linux."""
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"]
    wanted = [f"ai-edge-litert=={LITERT}", "--python-version", "3.11", "--platform", ARM]
    subprocess.run([*pip, *wanted, "-d", directory], check=True)
    with zipfile.ZipFile(next(directory.glob("*.whl"))) as wheel:
        return wheel.read("ai_edge_litert/libLiteRt.so")


def package(folder, name):
    return json.loads((folder / "node_modules" / name / "package.json").read_bytes())["version"]


def measure(directory):
    rows = {}
    for name in MODELS:
        file = ROOT / "saved_models" / name / "model_int8.tflite"
        rows[f"model: {name}, int8"] = size(file.read_bytes())
    rows[f"LiteRT {LITERT}, `libLiteRt.so`, 64-bit ARM, Linux"] = size(litert_library(directory))
    web, browser = (node.install(folder, directory) for folder in (node.WEB, node.BROWSER))
    litert = web / "node_modules/@litertjs"
    parts = ["core/dist/index.js", "core/wasm/litert_wasm_internal.js"]
    parts += ["core/wasm/litert_wasm_internal.wasm", "wasm-utils/dist/index.js"]
    rows[f"LiteRT.js {package(web, '@litertjs/core')}, in a browser"] = size(
        *((litert / part).read_bytes() for part in parts)
    )
    text = browser / "node_modules/@mediapipe/tasks-text"
    parts = ["text_bundle.mjs", "wasm/text_wasm_internal.js", "wasm/text_wasm_internal.wasm"]
    rows[f"MediaPipe Tasks {package(browser, '@mediapipe/tasks-text')}, in a browser"] = size(
        *((text / part).read_bytes() for part in parts)
    )
    return rows


def main():
    with tempfile.TemporaryDirectory() as directory:
        rows = measure(pathlib.Path(directory))
    results = {"date": datetime.date.today().isoformat(), "sizes": rows}
    (RESULTS / "download_sizes.json").write_text(json.dumps(results, indent=1) + "\n")
    lines = ["| what | kB | kB after gzip |", "| --- | --- | --- |"]
    for name, row in rows.items():
        lines.append(f"| {name} | {row['bytes'] / 1e3:,.0f} | {row['gzip'] / 1e3:,.0f} |")
    (RESULTS / "download_sizes.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
