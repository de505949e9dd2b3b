"""Throughput and latency of the SavedModel as a server calls it, beside KerasHub's BERT-tiny.

    python benchmarks/serving.py [--requests 100000]

UNO-EELBERT, and WordPiece and BERT-tiny of KerasHub, both with random weights and 16 classes, are
loaded by the C program of the tests through the C++ loader that TensorFlow Serving is built on, and
called from threads, without batching between callers. Texts are of 30 words (`speed.py`); BERT-tiny
reads 64 WordPieces, the least power of two that holds them. The models take turns, three times
each, and a ratio is the median of the turns' ratios. Then UNO answers many requests of one text,
and the memory of the process is looked at on the way. Writes results/serving.json and
results/serving.md. About four minutes on one core that nothing else uses.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile

from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
CALLERS = (1, 4, 16)
# Texts of a request, and requests of a turn.
BATCHES = {1: 200, 8: 100, 64: 34}
TURNS = 3
SEQUENCE_LENGTH = 64
TARGET = 1.5
# Libraries of tensorflow-text whose operations KerasHub's BERT preprocessing calls.
TEXT_OPERATIONS = ("*wordpiece*", "*normalize*", "*regex_split*", "*whitespace*", "*trimmer*")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--requests", type=int, default=100_000, help="of the look at memory")
    requests = arguments.parse_args().requests
    from tests.serving.loader import Loader, compile_loader

    with tempfile.TemporaryDirectory() as folder:
        program = compile_loader(folder)
        paths = {"uno": export_uno(folder), "bert_tiny": export_bert_tiny(folder)}
        models = {
            "uno": Loader(program, paths["uno"], threads=1),
            "bert_tiny": Loader(program, paths["bert_tiny"], threads=1, libraries=text_libraries()),
        }
        cells = [side_by_side(models, callers, batch) for batch in BATCHES for callers in CALLERS]
        results = {
            "cells": cells,
            "target": TARGET,
            "memory": memory(models["uno"], requests),
            "made_by": {
                **provenance(__file__),
                "seed": 0,
                "turns": TURNS,
                "cores": len(os.sched_getaffinity(0)),
                "load_average": round(os.getloadavg()[2], 1),
            },
        }
        for model in models.values():
            model.close()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "serving.json").write_text(json.dumps(results, indent=1) + "\n")
    table = markdown(results)
    (RESULTS / "serving.md").write_text(table)
    print(table)


def export_uno(folder):
    from eelbert_tf import EelbertTextClassifier, export_saved_model

    path = pathlib.Path(folder, "uno")
    export_saved_model(EelbertTextClassifier.from_preset("eelbert_uno", num_classes=16), path)
    return path


def export_bert_tiny(folder):
    import tensorflow as tf
    from speed import bert_tiny

    path = pathlib.Path(folder, "bert_tiny")
    answer = bert_tiny(SEQUENCE_LENGTH)
    function = tf.function(lambda text: {"probabilities": answer(text)}).get_concrete_function(
        text=tf.TensorSpec([None], tf.string, name="text")
    )
    module = tf.Module()
    module.tracked = list(function.variables)
    tf.saved_model.save(module, str(path), signatures=function)
    return path


def text_libraries():
    import tensorflow_text

    folder = pathlib.Path(tensorflow_text.__file__).parent / "python/ops"
    return sorted({file for pattern in TEXT_OPERATIONS for file in folder.glob(f"{pattern}.so")})


def requests_of(model, batch):
    from speed import thirty_word_texts

    texts = thirty_word_texts(2560)
    starts = range(0, min(len(texts), 100 * batch), batch)
    return [model.request("serving_default", text=texts[s : s + batch]) for s in starts]


def side_by_side(models, callers, batch):
    """Both models under the same load, in turn."""
    requests = {name: requests_of(model, batch) for name, model in models.items()}
    for name, model in models.items():
        model.load_test(requests[name], callers, 10)
    turns = {name: [] for name in models}
    for _ in range(TURNS):
        for name, model in models.items():
            turns[name].append(model.load_test(requests[name], callers, BATCHES[batch]))
    result = {"callers": callers, "batch": batch}
    result |= {name: figures(loads, batch) for name, loads in turns.items()}
    pairs = zip(turns["uno"], turns["bert_tiny"])
    result["ratio"] = statistics.median(theirs.seconds / ours.seconds for ours, theirs in pairs)
    return result


def figures(loads, batch):
    import numpy as np

    latencies = np.concatenate([load.latencies for load in loads])
    middle, most = np.percentile(latencies, (50, 99))
    rate = len(latencies) * batch / sum(load.seconds for load in loads)
    return {"texts_per_second": rate, "p50_ms": 1e3 * middle, "p99_ms": 1e3 * most}


def memory(model, count):
    """What the process holds while UNO answers requests of one text from 4 callers."""
    samples = model.load_test(requests_of(model, 1), 4, count).memory / 1e6
    return {
        "requests": count,
        "megabytes": [round(float(sample), 1) for sample in samples],
        "growth_megabytes": round(float(samples[-1] - samples[0]), 1),
    }


def markdown(results):
    lines = [
        "| callers | texts a request | texts a second, UNO over BERT-tiny "
        "| p50 ms, UNO / BERT-tiny | p99 ms, UNO / BERT-tiny |",
        "| --- | --- | --- | --- | --- |",
    ]
    for cell in results["cells"]:
        ours, theirs = cell["uno"], cell["bert_tiny"]
        target = f" (target {TARGET})" if cell["batch"] == max(BATCHES) else ""
        lines.append(
            f"| {cell['callers']} | {cell['batch']} | {cell['ratio']:.2f}{target} "
            f"| {ours['p50_ms']:.1f} / {theirs['p50_ms']:.1f} "
            f"| {ours['p99_ms']:.1f} / {theirs['p99_ms']:.1f} |"
        )
    memory, made_by = results["memory"], results["made_by"]
    lines += [
        "",
        f"On {made_by['cores']} core, while the machine's load average was "
        f"{made_by['load_average']}: compare milliseconds within a row.",
        "",
        f"Memory of the process with UNO: {memory['megabytes'][0]:.0f} MB in the first tenth of "
        f"{memory['requests']:,} requests, {memory['megabytes'][-1]:.0f} MB at their end.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
