"""What a model costs on a device: bytes, time, memory, start, and whether the engines agree.

    taskset -c 0 python benchmarks/device.py --model eelbert_uno_sst2 --texts sst2/train.tsv.gz \
        --vocabulary bert-base-uncased-vocab.txt

All in one run on one thread. Pairs of timings alternate, and a ratio is that of their medians.
BERT-tiny is KerasHub's, int8 by the same exporter, on token ids that are ready: its tokenizer is
not counted. Its window is the one that holds the same text (how many WordPieces a word has is
counted on the texts), and beside that the same number of places. Writes results/device.json,
device.md, device_profile.md and device.png. About three minutes.
"""

import argparse
import gzip
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from device_agreement import agreement
from device_models import WINDOW, bert_tiny, exported, hashing, ids, row, runner
from device_profile import fastest, profile
from device_tables import plot, write_tables
from provenance import provenance
from speed import thirty_word_texts, utterances

RESULTS = pathlib.Path(__file__).parent / "results"
LENGTHS = (5, 10, 20, 30, 50, 75, 100, 150, 200)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="eelbert_uno_sst2", help="a sentiment classifier")
    parser.add_argument("--texts", required=True, help="labelled rows, for the engines to agree on")
    parser.add_argument("--vocabulary", required=True, help="WordPieces of BERT, one a line")
    parser.add_argument("--repeats", type=int, default=300)
    arguments = parser.parse_args()
    from eelbert_tf.runtimes.load import load_task

    task, _ = load_task(arguments.model)
    pieces_of_word = pieces(arguments, task)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        files = exported(task, arguments.model, folder)
        results = {
            "model": arguments.model,
            "pieces_of_word": pieces_of_word,
            "sizes": sizes(files),
            "time": times(task, files, folder, pieces_of_word, arguments.repeats),
            "profile": profile(files["int8"], {"code_points": row(thirty_word_texts(1)[0])}),
            "process": process(files["int8"], folder),
            "agreement": agreement(task, files, folder, arguments.texts),
            "lengths": lengths(task, folder, pieces_of_word, arguments.repeats),
            "made_by": {
                **provenance(__file__),
                "seed": 0,
                "threads": 1,
            },
        }
    (RESULTS / "device.json").write_text(json.dumps(results, indent=1) + "\n")
    write_tables(results)
    plot(results["lengths"])
    print((RESULTS / "device.md").read_text())


def sizes(files):
    return {
        quantize: {
            "bytes": file.stat().st_size,
            "gzip": len(gzip.compress(file.read_bytes(), mtime=0)),
        }
        for quantize, file in files.items()
    }


def pieces(arguments, task):
    """WordPieces of a word, on average."""
    import keras_hub

    from eelbert_tf.data.read import read_examples

    texts = read_examples(arguments.texts).texts[:5000]
    tokenizer = keras_hub.models.BertTokenizer(arguments.vocabulary, lowercase=True)
    words = np.asarray(task.preprocessor(texts)["padding_mask"]).sum() - 2 * len(texts)
    return float(sum(map(len, tokenizer(texts))) / words)


def alternating(functions, repeats):
    """Median seconds of each function, called in turn."""
    seconds = {name: [] for name in functions}
    for function in functions.values():
        function()
    for _ in range(repeats):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def times(task, files, folder, pieces_of_word, repeats):
    """A text of 30 words: the whole, its hash, and BERT-tiny."""
    text = thirty_word_texts(1)[0]
    tokens = 8 * math.ceil((pieces_of_word * WINDOW + 2) / 8)
    functions = {
        "whole": runner(files["int8"], code_points=row(text)),
        "hash": runner(hashing(task, folder), code_points=row(text)),
        "bert_tiny": runner(bert_tiny(tokens, folder), **ids(tokens)),
        "bert_tiny_same_places": runner(bert_tiny(WINDOW, folder), **ids(WINDOW)),
    }
    medians = alternating(functions, repeats)
    return {
        "milliseconds": {name: 1e3 * value for name, value in medians.items()},
        "bert_tiny_window": tokens,
        "over_bert_tiny": medians["whole"] / medians["bert_tiny"],
        "over_bert_tiny_same_places": medians["whole"] / medians["bert_tiny_same_places"],
        "hash_share": medians["hash"] / medians["whole"],
    }


def process(file, folder, starts=7):
    """Memory and start-up in processes of their own; of the second the median."""
    from eelbert_tf.export.memory import peak_memory

    text = row(thirty_word_texts(1)[0])
    np.save(folder / "row.npy", text)
    script = pathlib.Path(__file__).with_name("device_process.py")
    command = [sys.executable, str(script), str(file), str(folder / "row.npy")]
    printed = [
        subprocess.run(command, capture_output=True, check=True).stdout for _ in range(starts)
    ]
    return {
        "megabytes": peak_memory("litert", file, [{"code_points": text}] * 100) / 1e6,
        "milliseconds": statistics.median(map(float, printed)),
    }


def lengths(task, folder, pieces_of_word, repeats):
    """Milliseconds of texts by length, in the window that just holds them and in a wide one."""
    from eelbert_tf import EelbertTextClassifier
    from eelbert_tf.export.litert import export_litert
    from eelbert_tf.models import EelbertPreprocessor

    wide = EelbertTextClassifier(
        backbone=task.backbone,
        preprocessor=EelbertPreprocessor.from_backbone(task.backbone, max_words=max(LENGTHS)),
        num_classes=2,
    )
    words = " ".join(utterances()).split()
    rows = []
    widest = folder / "widest.tflite"
    export_litert(wide, widest, max_words=max(LENGTHS), quantize="int8")
    for count in LENGTHS:
        text = " ".join(words[:count])
        fitting = folder / f"window_{count}.tflite"
        export_litert(wide, fitting, max_words=count, quantize="int8")
        tokens = round(pieces_of_word * count) + 2
        functions = {
            "fitting": runner(fitting, code_points=row(text, count)),
            "widest": runner(widest, code_points=row(text, max(LENGTHS))),
            "bert_tiny": runner(bert_tiny(tokens, folder), **ids(tokens)),
        }
        seconds = {name: fastest(function, repeats // 3) for name, function in functions.items()}
        rows.append({"words": count, **{name: 1e3 * value for name, value in seconds.items()}})
    return rows


if __name__ == "__main__":
    main()
