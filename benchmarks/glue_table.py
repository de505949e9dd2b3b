"""The GLUE results of several models in one table and one plot, from what `eelbert glue` wrote.

    python benchmarks/glue_table.py eelbert_uno_en_uncased=RESULTS[,RESULTS] bert_tiny=RESULTS \\
        bert_tiny_as_plus=RESULTS ...

Averages are compared with that of the model of the name `bert_tiny`. A model's tasks may come from
several result directories; all must be of the same weights. Writes
`results/glue.json`, `results/glue.md` and `results/glue.png`.
"""

import json
import pathlib
import statistics
import sys

RESULTS = pathlib.Path(__file__).parent / "results"
# The score of a task in the average: the mean of these of its metrics.
AVERAGED = {
    "sst2": ("accuracy",),
    "mrpc": ("f1", "accuracy"),
    "stsb": ("spearman",),
    "rte": ("accuracy",),
    "cola": ("matthews",),
}
BASELINE = "bert_tiny"
TITLES = {
    BASELINE: "BERT-tiny, that learnt as UNO did",
    "bert_tiny_as_plus": "BERT-tiny, that learnt as plus did",
    "eelbert_uno_in_time": "UNO, pretrained for the wall time of BERT-tiny",
}
NOT_DRAWN = ("bert_tiny_as_plus", "eelbert_uno_in_time")  # their points lie on others
SHOWN = [(task, metric) for task, metrics in AVERAGED.items() for metric in metrics]


def main():
    models = {}
    for argument in sys.argv[1:]:
        name, _, directories = argument.partition("=")
        models[name] = merged(name, [pathlib.Path(part) for part in directories.split(",")])
    (RESULTS / "glue.json").write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "glue.md").write_text(table(models), encoding="utf-8")
    from eelbert_tf.glue.plot import plot_accuracy_against_bytes

    averaged = {
        name: {**result, "tasks": {t: r for t, r in result["tasks"].items() if t in AVERAGED}}
        for name, result in models.items()
        if name not in NOT_DRAWN
    }
    plot_accuracy_against_bytes(averaged, RESULTS / "glue.png")


def merged(name, directories):
    """One model's results, each task with the recipe that it was made by."""
    tasks, fingerprints, versions = {}, set(), None
    for directory in directories:
        results = json.loads((directory / "glue.json").read_text(encoding="utf-8"))
        fingerprints.add(results["model"]["fingerprint"])
        versions = results["versions"]
        for task, result in results["tasks"].items():
            tasks[task] = {**result, "recipe": results["recipe"]}
    if len(fingerprints) != 1:
        raise SystemExit(f"{name} must be one model. Received results of {len(fingerprints)}.")
    return {"fingerprint": fingerprints.pop(), "versions": versions, "tasks": tasks}


def average(result, source="median"):
    """The mean over the tasks, None where one is missing."""
    scores = []
    for task, metrics in AVERAGED.items():
        part = result["tasks"].get(task)
        if part is None:
            return None
        values = part["median"] if source == "median" else part["litert_int8"]["metrics"]
        scores.append(statistics.mean(values[metric] for metric in metrics))
    return 100 * statistics.mean(scores)


def table(models):
    titles = {"accuracy": "acc.", "f1": "F1", "spearman": "Spearman", "matthews": "Matthews"}
    first = next(iter(models.values()))
    names = {task: first["tasks"][task]["title"] for task in AVERAGED if task in first["tasks"]}
    shown = [(task, metric) for task, metric in SHOWN if task in names]
    head = [f"{names[task]} {titles[metric]}" for task, metric in shown]
    lines = [f"| model | MB | {' | '.join(head)} | average | of BERT-tiny's |"]
    lines.append("| --- " * (len(head) + 4) + "|")
    baseline = average(models[BASELINE]) if BASELINE in models else None
    majority = [100 * first["tasks"][task]["majority"][metric] for task, metric in shown]
    lines.append(f"| commonest answer | | {' | '.join(f'{v:.1f}' for v in majority)} | | |")
    for name, result in models.items():
        size = statistics.mean(4e-6 * part["parameters"] for part in result["tasks"].values())
        cells = [cell(result["tasks"].get(task), metric) for task, metric in shown]
        lines.append(row(name, f"{size:.2f}", cells, average(result), baseline))
        if any(part.get("litert_int8") for part in result["tasks"].values()):
            files = [part["litert_int8"]["bytes"] for part in result["tasks"].values()]
            cells = [
                f"{100 * result['tasks'][task]['litert_int8']['metrics'][metric]:.1f}"
                if task in result["tasks"]
                else ""
                for task, metric in shown
            ]
            size = f"{statistics.mean(files) / 1e6:.2f}"
            lines.append(
                row(f"{name}, int8 .tflite", size, cells, average(result, "int8"), baseline)
            )
    return "\n".join(lines) + "\n"


def cell(part, metric):
    if part is None:
        return ""
    return f"{100 * part['median'][metric]:.1f} ± {100 * part['standard_deviation'][metric]:.1f}"


def row(name, size, cells, mean, baseline):
    share = "" if mean is None or not baseline else f"{100 * mean / baseline:.1f} %"
    mean = "" if mean is None else f"{mean:.1f}"
    return f"| {TITLES.get(name, name)} | {size} | {' | '.join(cells)} | {mean} | {share} |"


if __name__ == "__main__":
    main()
