"""The table of a run over GLUE, in Markdown."""

_HEAD = (
    "task",
    "metric",
    "rows, train / dev",
    "majority",
    "median",
    "min to max",
    "standard deviation",
    "95 % interval",
    "batch, rate",
)
_NAMES = {
    "matthews": "Matthews",
    "accuracy": "accuracy",
    "f1": "F1",
    "pearson": "Pearson",
    "spearman": "Spearman",
}


def markdown(results):
    """The table of what `run_glue` returns, a row for each metric, all times 100.

    Args:
        results: dict.

    Returns:
        str.
    """
    int8 = any(task.get("litert_int8") for task in results["tasks"].values())
    head = [*_HEAD, "int8 .tflite", "its MB"] if int8 else _HEAD
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for task in results["tasks"].values():
        for metric in task["median"]:
            cells = _cells(task, metric)
            if int8:
                cells += _int8_cells(task.get("litert_int8"), metric)
            lines.append(f"| {' | '.join(cells)} |")
    recipe = results["recipe"]
    seeds = _seeds(recipe["seeds"])
    lines += [
        "",
        f"Model: {results['model']['name']}. Median of {seeds} on the official dev rows, "
        "with the spread of the seeds; the interval is a bootstrap of the dev rows of the "
        "seed in the middle. Batch size, rate and epoch (of "
        f"{recipe['epochs']}) were chosen on a tenth of train that is held out.",
    ]
    for task in results["tasks"].values():
        if task["before"]:
            lines.append(f"Before {task['title']} the encoder learnt other rows; see glue.json.")
    if results["tasks_left_out"]:
        lines.append(f"Left out, without files: {', '.join(results['tasks_left_out'])}.")
    return "\n".join(lines) + "\n"


def _seeds(count):
    return "1 seed" if count == 1 else f"{count} seeds"


def _cells(task, metric):
    low, high = task["interval_95"][metric]
    name, part = _split(metric)
    dev = task["rows"][f"dev{part}"]
    return [
        task["title"],
        _NAMES[metric.partition("_")[0]]
        + metric[len(metric.partition("_")[0]) :].replace("_", " "),
        f"{task['rows']['train']:,} / {dev:,}",
        _percent(task["majority"][metric]),
        f"**{_percent(task['median'][metric])}**",
        f"{_percent(task['minimum'][metric])} to {_percent(task['maximum'][metric])}",
        _percent(task["standard_deviation"][metric]),
        f"{_percent(low)} to {_percent(high)}",
        f"{task['chosen']['batch_size']}, {task['chosen']['learning_rate']:g}",
    ]


def _int8_cells(int8, metric):
    if not int8:
        return ["", ""]
    return [_percent(int8["metrics"][metric]), f"{int8['bytes'] / 1e6:.2f}"]


def _split(metric):
    """A metric's name and its part of dev, as in `accuracy_matched`."""
    name, separator, part = metric.partition("_")
    return name, separator + part


def _percent(value):
    return f"{100 * value:.1f}"
