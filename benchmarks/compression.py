"""What compression costs and saves: forms of one fine-tuned model, side by side.

    taskset -c 0 python benchmarks/compression.py --data ../shared/data --work WORK

For SST-2 and CLINC150, and for each preset: one model is fine-tuned on nine tenths of train, then
pruned, clustered and trained on the grids of int8 and int4, each from it. The last tenth chooses:
the sparsity, the layers of the mixed form, and what the card says; it also calibrates. Official dev
rows (SST-2) and test rows (CLINC150) score each `.tflite` once. Files have a window of 64 words,
labels and card inside. Latency is the ratio to the same model in fp32, timed in turn. One seed.

Trained models are kept in --work and rows in results/compression.json: a second call goes on from
there. About an hour on one core.
"""

import argparse
import gc
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
from compression_data import SETS, read
from compression_table import write_tables
from provenance import provenance

PRESETS = ("eelbert_uno_en_uncased", "eelbert_plus_en_uncased")
SEED, BATCH_SIZE, WINDOW = 0, 64, 64
BASE_RATE, RATE = 1e-3, 5e-4
# Points of accuracy on the held-out tenth that a setting may lose to be chosen over a larger one.
TOLERANCE = 0.005
SENSITIVITY_ROWS, TIMED_TEXTS, REPEATS = 500, 50, 7
BASE = "base"
# name: what it is trained from, the method, settings from the smallest model to the largest
TRAININGS = {
    "pruned": (BASE, "prune", ({"sparsity": 0.8}, {"sparsity": 0.6})),
    "clustered": (BASE, "cluster", ({"clusters": 16},)),
    "trained int8": (BASE, "qat", ({"bits": 8},)),
    "trained int4": (BASE, "qat", ({"bits": 4},)),
    "pruned, trained int4": ("pruned", "qat", ({"bits": 4},)),
}
# What is exported of a training, and what its row is called where that is not the name of both.
FORMS = {
    BASE: ("none", "fp16", "int8", "int4", "mixed"),
    "pruned": ("none", "int8"),
    "clustered": ("none", "int8"),
    "trained int8": ("int8",),
    "trained int4": ("int4",),
    "pruned, trained int4": ("int4",),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--presets", nargs="+", default=PRESETS)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--rows", type=int, help="of each part, to try the script")
    parser.add_argument(
        "--results", type=pathlib.Path, default=pathlib.Path(__file__).parent / "results"
    )
    arguments = parser.parse_args()
    file = arguments.results / "compression.json"
    results = json.loads(file.read_text()) if file.exists() else {"models": {}}
    for name in arguments.sets:
        data = read(name, arguments.data, SEED, arguments.rows)
        for preset in arguments.presets:
            folder = arguments.work / f"{name}-{preset}"
            record = results["models"].setdefault(f"{name}/{preset}", {"trained": {}, "rows": {}})
            for step in rows(name, preset, data, folder, record):
                results["made_by"] = made_by()
                file.write_text(json.dumps(results, indent=1) + "\n")
                write_tables(results["models"], arguments.results)
                print(name, preset, step, flush=True)
                gc.collect()


def rows(name, preset, data, folder, record):
    """Fill what is missing in a record; gives the name of each thing done."""
    from eelbert_tf.export.modes import RECIPES

    if BASE not in record["trained"]:
        record["trained"][BASE] = train_base(name, preset, data, folder)
        yield BASE
    for training, plan in TRAININGS.items():
        if training not in record["trained"]:
            record["trained"][training] = compressed(name, data, folder, plan, record, training)
            yield training
    if "sensitivity" not in record:
        record["sensitivity"] = layer_bits(folder, data).report()
        yield "sensitivity"
    for training in record["trained"]:
        for quantize in (*FORMS[training], *(RECIPES if training == BASE else ())):
            key = f"{training} {quantize}"
            if key not in record["rows"]:
                record["rows"][key] = measured(folder, data, training, quantize, record)
                yield key


def train_base(name, preset, data, folder):
    from eelbert_tf.training.fine_tune import fine_tune

    settings = {"epochs": SETS[name].base_epochs, "batch_size": BATCH_SIZE}
    settings |= {"learning_rate": BASE_RATE, "seed": SEED}
    task = fine_tune(data.train, preset, max_words=WINDOW, verbose=2, **settings)
    return kept(task, folder / BASE, data, {"preset": preset, **settings})


def compressed(name, data, folder, plan, record, training):
    """Train by a plan; of its settings, the smallest that loses little, else the best."""
    from eelbert_tf.compression.compress import compress
    from eelbert_tf.compression.matrices import weight_report

    source, method, grid = plan
    floor = record["trained"][BASE]["held_out"] - TOLERANCE
    tried = []
    for options in grid:
        task = load(folder / source)
        settings = {"epochs": SETS[name].epochs, "batch_size": BATCH_SIZE}
        settings |= {"learning_rate": RATE, "seed": SEED}
        compress(task, False, data.train, method, options, verbose=2, **settings)
        settings |= {"preset": source, "method": method, "weights": weight_report(task)}
        tried.append({"options": options, "held_out": held_out(task, data)["accuracy"]})
        best = max(tried, key=lambda trial: trial["held_out"])
        fits = tried[-1]["held_out"] >= floor
        if fits or best is tried[-1]:
            facts = kept(task, folder / training, data, settings)
        if fits:
            break
    return {**facts, "tried": tried}


def kept(task, folder, data, settings):
    """Save a task with its card; what is said of it in the results."""
    from eelbert_tf.training.model_card import model_card

    metrics = held_out(task, data)
    task.save_to_preset(str(folder))
    size = sum(file.stat().st_size for file in folder.rglob("*"))
    card = {**metrics, "evaluated_on": "a tenth of train", "bytes": {"preset": size}}
    (folder / "card.md").write_text(model_card(task, data.train, card, settings))
    return {"held_out": metrics["accuracy"], "settings": settings}


def held_out(task, data):
    from eelbert_tf.runtimes.keras_runtime import keras_predictor
    from eelbert_tf.training.evaluate import evaluate

    return evaluate(keras_predictor(task, False), data.held_out)


def load(folder):
    from eelbert_tf.models import EelbertTextClassifier

    return EelbertTextClassifier.from_preset(folder)


def layer_bits(folder, data):
    from eelbert_tf.compression.sensitivity import LayerBits

    some = data.held_out.take(range(min(SENSITIVITY_ROWS, len(data.held_out))))
    return LayerBits(load(folder / BASE), False, some, WINDOW)


def measured(folder, data, training, quantize, record):
    """Export a form, and measure it beside fp32 of the same training."""
    from eelbert_tf.export.litert import export_litert
    from eelbert_tf.export.modes import MIXED
    from eelbert_tf.export.report import compressed_size
    from eelbert_tf.runtimes.litert_runtime import litert_predictor
    from eelbert_tf.training.evaluate import evaluate

    task, card = load(folder / training), (folder / training / "card.md").read_text()
    facts, form = {}, quantize
    if quantize == MIXED:
        form = layer_bits(folder, data).mixed(TOLERANCE, record["sensitivity"])
        facts["int4_layers"] = form.count("int4")
    path, floats = folder / "model.tflite", folder / training / "model_fp32.tflite"
    texts = data.held_out.texts
    export_litert(task, path, False, WINDOW, True, form, card, texts)
    if not floats.exists():
        export_litert(task, floats, False, WINDOW, card=card)
    predictor = litert_predictor(path)
    return {
        **facts,
        "bytes": path.stat().st_size,
        "gzip_bytes": compressed_size([path]),
        "accuracy": evaluate(predictor, data.test)["accuracy"],
        "time_over_fp32": time_ratio(predictor, litert_predictor(floats), texts[:TIMED_TEXTS]),
    }


def time_ratio(predictor, other, texts):
    from speed import seconds, side_by_side

    batches = [[text] for text in texts]
    times = [lambda run=run: seconds(run, batches) for run in (predictor.predict, other.predict)]
    return side_by_side(*times, REPEATS)[2]


def made_by():
    return {
        **provenance(__file__),
        "seed": SEED,
        "choice": "on a tenth held out of train",
        "scored": "official dev rows of SST-2, test rows of CLINC150, once a file",
        "threads": 1,
    }


if __name__ == "__main__":
    main()
