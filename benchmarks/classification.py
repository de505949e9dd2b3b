"""UNO-EELBERT trained from scratch on seven data sets, beside a linear model on the same rows.

    python benchmarks/classification.py --data ../shared/data [--only trec6 snips]

Recipe: `eelbert_tf.training.fine_tune`. The learning rate is chosen by
accuracy on a tenth of train that is held out (one seed); then three seeds train on all of
train and are scored once on the official test rows (SST-2: dev, whose test labels are not
public), from Keras and from the `.tflite`. About an hour on two cores; each run is kept in
results/classification.json as it ends, and a second call goes on from there.
"""

import argparse
import json
import os
import pathlib
import statistics
import tempfile
import time

from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
SEEDS = (0, 1, 2)

# name: title, train file, scored file, epochs, batch size
TASKS = {
    "trec6": ("TREC-6", "classification/trec6/train", "classification/trec6/test", 20, 64),
    "sms_spam": (
        "SMS spam",
        "classification/sms_spam/train",
        "classification/sms_spam/test",
        10,
        64,
    ),
    "snips": ("SNIPS", "classification/snips/train", "classification/snips/test", 6, 64),
    "clinc150": (
        "CLINC150",
        "classification/clinc150/train",
        "classification/clinc150/test",
        12,
        64,
    ),
    "sick": ("SICK (pairs)", "pairs/sick/train", "pairs/sick/test", 10, 64),
    "ag_news": (
        "AG News subset",
        "classification/ag_news_subset/train",
        "classification/ag_news_subset/test",
        6,
        32,
    ),
    "sst2": ("SST-2", "glue/sst2/train", "glue/sst2/dev", 2, 64),
}


def grid(epochs, batch_size):
    """The settings that are tried on a part of train."""
    return [
        {"learning_rate": rate, "epochs": epochs, "batch_size": batch_size} for rate in (1e-3, 2e-3)
    ]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=pathlib.Path, required=True)
    arguments.add_argument("--only", nargs="*", choices=TASKS, default=list(TASKS))
    arguments = arguments.parse_args()
    file = RESULTS / "classification.json"
    results = json.loads(file.read_text()) if file.exists() else {"tasks": {}}
    for name in arguments.only:
        record = results["tasks"].setdefault(name, {"trials": [], "runs": []})
        for step in steps(name, record, arguments.data):
            print(name, step, flush=True)
            results["made_by"] = made_by()
            file.write_text(json.dumps(results, indent=1) + "\n")
    write_table(results["tasks"])
    plot(results["tasks"])


def steps(name, record, data):
    """Do what a task still lacks, and yield after each step."""
    from eelbert_tf.data.read import read_examples
    from eelbert_tf.data.split import majority_share, stratified_holdout

    _, train_file, test_file, epochs, batch_size = TASKS[name]
    train = read_examples(data / f"{train_file}.tsv.gz")
    test = read_examples(data / f"{test_file}.tsv.gz")
    smaller, held_out = stratified_holdout(train, fraction=0.1, seed=0)
    for setting in grid(epochs, batch_size)[len(record["trials"]) :]:
        task, seconds = trained(smaller, setting, seed=0)
        trial = {**setting, "accuracy": accuracy(keras_predictor(task, held_out), held_out)}
        record["trials"].append({**trial, "seconds": seconds})
        yield record["trials"][-1]
    if "linear" not in record:
        record["train_rows"], record["test_rows"] = len(train), len(test)
        record["majority_accuracy"] = majority_share(test.labels)
        record["linear"] = linear_accuracy(train, test)
        yield record["linear"]
    best = max(record["trials"], key=lambda trial: trial["accuracy"])
    record["chosen"] = {key: best[key] for key in ("learning_rate", "epochs", "batch_size")}
    for seed in SEEDS[len(record["runs"]) :]:
        task, seconds = trained(train, record["chosen"], seed)
        run = {"seed": seed, "seconds": seconds, "parameters": task.count_params()}
        run["accuracy"] = accuracy(keras_predictor(task, test), test)
        run.update(litert_scores(task, test))
        record["runs"].append(run)
        yield run


def trained(train, setting, seed):
    from eelbert_tf.training.fine_tune import fine_tune

    start = time.time()
    task = fine_tune(train, "eelbert_uno", **setting, seed=seed, verbose=0)
    return task, round(time.time() - start, 1)


def keras_predictor(task, examples):
    from eelbert_tf.runtimes.keras_runtime import keras_predictor

    return keras_predictor(task, examples.text_pairs is not None)


def litert_scores(task, test):
    """Accuracy, bytes and milliseconds a text of the exported file, on one thread."""
    from eelbert_tf.export.litert import export_litert
    from eelbert_tf.runtimes.litert_runtime import litert_predictor

    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "model.tflite"
        export_litert(task, path, pair=test.text_pairs is not None)
        predictor = litert_predictor(path)
        start = time.time()
        score = accuracy(predictor, test)
        milliseconds = 1000 * (time.time() - start) / len(test)
        return {
            "litert_accuracy": score,
            "litert_bytes": path.stat().st_size,
            "litert_milliseconds": round(milliseconds, 3),
        }


def accuracy(predictor, examples):
    from eelbert_tf.training.evaluate import evaluate

    # Both sides hold the same classes, so none is unseen.
    return evaluate(predictor, examples)["accuracy"]


def linear_model():
    """fastText's idea with scikit-learn: hashed words, word pairs and character n-grams."""
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    features = make_union(
        HashingVectorizer(ngram_range=(1, 2), n_features=2**17, alternate_sign=False),
        HashingVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), n_features=2**17, alternate_sign=False
        ),
    )
    return make_pipeline(features, TfidfTransformer(sublinear_tf=True), LinearSVC(C=0.5))


def linear_accuracy(train, test):
    model = linear_model()
    model.fit(joined(train), train.labels)
    return float(model.score(joined(test), test.labels))


def joined(examples):
    pairs = examples.text_pairs
    return (
        examples.texts if pairs is None else [f"{a} ||| {b}" for a, b in zip(examples.texts, pairs)]
    )


def made_by():
    return {
        **provenance(__file__),
        "seeds": list(SEEDS),
        "choice": "on a tenth held out of train, seed 0",
        "scored": "official test rows; SST-2: dev",
    }


def write_table(tasks):
    lines = [
        "| data set | rows, train / test | majority | linear | UNO, Keras | UNO, .tflite | MB | "
        "ms a text | training |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, record in tasks.items():
        if not record["runs"]:
            continue
        runs = record["runs"]
        lines.append(
            f"| {TASKS[name][0]} | {record['train_rows']:,} / {record['test_rows']:,} "
            f"| {100 * record['majority_accuracy']:.1f} | {100 * record['linear']:.1f} "
            f"| **{spread(runs, 'accuracy')}** | {spread(runs, 'litert_accuracy')} "
            f"| {runs[0]['litert_bytes'] / 1e6:.2f} "
            f"| {statistics.median(r['litert_milliseconds'] for r in runs):.1f} "
            f"| {statistics.median(r['seconds'] for r in runs) / 60:.1f} min |"
        )
    (RESULTS / "classification.md").write_text("\n".join(lines) + "\n")


def spread(runs, key):
    values = [100 * run[key] for run in runs]
    return f"{statistics.mean(values):.1f} ± {statistics.pstdev(values):.1f}"


def plot(tasks):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    names = [name for name in tasks if tasks[name]["runs"]]
    columns = {
        "majority class": [100 * tasks[n]["majority_accuracy"] for n in names],
        "linear, hashed n-grams": [100 * tasks[n]["linear"] for n in names],
        "UNO-EELBERT (.tflite)": [
            100 * statistics.mean(r["litert_accuracy"] for r in tasks[n]["runs"]) for n in names
        ],
    }
    figure, axes = plt.subplots(figsize=(9, 4), layout="constrained")
    for index, (label, values) in enumerate(columns.items()):
        places = [place + 0.27 * (index - 1) for place in range(len(names))]
        bars = axes.bar(
            places, values, 0.25, label=label, color=("#c8c8c8", "#7ea6c9", "#d1603d")[index]
        )
        axes.bar_label(bars, fmt="%.0f", fontsize=8)
    axes.set_xticks(range(len(names)), [TASKS[n][0] for n in names])
    axes.set_ylabel("accuracy, %")
    axes.set_ylim(0, 116)
    axes.legend(loc="upper left", ncols=3, frameon=False, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(RESULTS / "classification.png", dpi=150)


if __name__ == "__main__":
    main()
