"""CLINC150 and SNIPS with pretrained presets, beside linear models on the same rows.

    python benchmarks/intents.py --data ../shared/data --presets eelbert_uno_en_uncased ... \\
        --teacher all-MiniLM-L6-v2

The engine of `eelbert glue`: rate and epoch are chosen on a tenth held out of train, then each
seed is scored once on the official test rows, the median seed also as int8 `.tflite`. CLINC150 is
trained with its out-of-scope rows; in-scope accuracy counts the rows with an intent. Runs are kept
in --work, and a second call goes on from there.
"""

import argparse
import functools
import json
import os
import pathlib
import statistics

from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
OUT_OF_SCOPE = "oos"
# name: title, epochs, batch size
SETS = {"clinc150": ("CLINC150", 24, 128), "snips": ("SNIPS", 12, 64)}
RATES = (1e-3, 4e-3)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=pathlib.Path, required=True)
    arguments.add_argument("--presets", nargs="+", required=True)
    arguments.add_argument("--teacher", required=True, help="of the static vectors")
    arguments.add_argument("--work", type=pathlib.Path, required=True)
    arguments.add_argument("--sets", nargs="*", choices=SETS, default=list(SETS))
    arguments.add_argument("--seeds", type=int, default=5)
    arguments = arguments.parse_args()
    file = RESULTS / "intents.json"
    results = json.loads(file.read_text()) if file.exists() else {"sets": {}}
    for name in arguments.sets:
        task, data = read(name, arguments.data)
        record = results["sets"].setdefault(name, {"models": {}})
        record["rows"] = [len(data.train), len(data.dev[""])]
        for title, answers_of in baselines(arguments.teacher).items():
            if title not in record.setdefault("baselines", {}):
                answers, size = answers_of(data.train, data.dev[""])
                scores = shares(answers, data.dev[""].labels)
                record["baselines"][title] = {**scores, "bytes": size}
        for preset in arguments.presets:
            record["models"][pathlib.Path(preset).name] = run(
                name, task, data, preset, arguments.work, arguments.seeds
            )
            results["made_by"] = made_by(arguments.seeds)
            file.write_text(json.dumps(results, indent=1) + "\n")
            write_table(results["sets"])


def read(name, directory):
    from eelbert_tf.data.read import read_examples
    from eelbert_tf.data.split import label_names
    from eelbert_tf.glue.source import TaskData
    from eelbert_tf.glue.tasks import ACCURACY, GlueTask

    folder = directory / "classification" / name
    train, test = (read_examples(folder / f"{part}.tsv.gz") for part in ("train", "test"))
    labels = tuple(label_names([*train.labels, *test.labels]))
    return GlueTask(name, SETS[name][0], False, labels, (ACCURACY,)), TaskData(train, {"": test})


def run(name, task, data, preset, work, seeds):
    from eelbert_tf.glue.kept_models import keep_model
    from eelbert_tf.glue.preset_model import PresetModel
    from eelbert_tf.glue.progress import Progress
    from eelbert_tf.glue.recipe import Recipe
    from eelbert_tf.glue.run_store import RunStore
    from eelbert_tf.glue.summary import median_seed
    from eelbert_tf.glue.task_run import ALL, TaskRun, best_of

    _, epochs, batch_size = SETS[name]
    recipe = Recipe(
        seeds=seeds,
        epochs=epochs,
        batch_sizes=(batch_size,),
        learning_rates=RATES,
        grid_rows=10**9,
    )
    folder = work / pathlib.Path(preset).name
    progress = Progress()
    model = PresetModel(preset)
    runs = TaskRun(task, data, model, recipe, RunStore(folder / "runs"), progress, keep=ALL)
    grid_work, seed_work = runs.work
    progress.total = grid_work + seeds * seed_work
    best = best_of(runs.grid())
    chosen = {key: best[key] for key in ("batch_size", "learning_rate")}
    trained = [runs.seed(seed, **chosen) for seed in range(seeds)]
    middle = median_seed(trained)
    scores = [accuracies(task, data, result["dev"][""]["answers"]) for result in trained]
    litert = keep_model(runs, middle["seed"], folder / "models")
    return {
        **chosen,
        "epochs": [result["epoch"] for result in trained],
        "held_out": best["held_out"],
        "seeds": scores,
        "median_seed": middle["seed"],
        "median": {key: statistics.median(s[key] for s in scores) for key in scores[0]},
        "litert_int8": litert,
    }


def accuracies(task, data, answers):
    return shares([task.labels[int(answer)] for answer in answers], data.dev[""].labels)


def shares(answers, labels):
    """Accuracy on all rows and on those in scope."""
    right = [answer == label for answer, label in zip(answers, labels, strict=True)]
    scope = [hit for hit, label in zip(right, labels) if label != OUT_OF_SCOPE]
    return {"accuracy": sum(right) / len(right), "in_scope": sum(scope) / len(scope)}


def baselines(teacher):
    """Functions of `(train, test)` by title."""
    from intents_baselines import fasttext, hashed_ngrams, static_vectors

    return {
        "support vectors, hashed n-grams": hashed_ngrams,
        "fastText": fasttext,
        "static vectors of a sentence encoder": functools.partial(static_vectors, teacher),
    }


def made_by(seeds):
    return {
        **provenance(__file__),
        "seeds": list(range(seeds)),
        "choice": "rate and epoch, on a tenth held out of train",
        "scored": "official test rows",
    }


def write_table(sets):
    lines = [
        "| data set | rows, train / test | model | accuracy | in scope | int8 .tflite, accuracy | "
        "MB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, record in sets.items():
        title, (train, test) = SETS[name][0], record["rows"]
        head = f"| {title} | {train:,} / {test:,} |"
        for baseline, scores in record["baselines"].items():
            lines.append(
                f"{head} {baseline} | {100 * scores['accuracy']:.1f} "
                f"| {100 * scores['in_scope']:.1f} | | {scores['bytes'] / 1e6:.1f} |"
            )
        for model, result in record["models"].items():
            litert = result["litert_int8"]
            lines.append(
                f"{head} {model} | **{100 * result['median']['accuracy']:.1f}** "
                f"| **{100 * result['median']['in_scope']:.1f}** "
                f"| {100 * litert['metrics']['accuracy']:.1f} | {litert['bytes'] / 1e6:.2f} |"
            )
    (RESULTS / "intents.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
