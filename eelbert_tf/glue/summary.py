"""What the runs of a task come to: median, spread and interval."""

import statistics

import numpy as np

from eelbert_tf.glue.bootstrap import bootstrap_intervals
from eelbert_tf.glue.labels import class_ids
from eelbert_tf.glue.metrics import main_score, majority_metrics


def dev_metrics(result):
    """A seed's metrics on dev, the part's name behind the metric's where there are several."""
    return {
        f"{name}{part}": value
        for part, scores in result["dev"].items()
        for name, value in scores["metrics"].items()
    }


def median_seed(results):
    """The seed in the middle by its dev metrics; of two in the middle, the lower.

    Args:
        results: list of what `TaskRun.seed` returned.

    Returns:
        One of them.
    """
    ordered = sorted(results, key=lambda result: main_score(dev_metrics(result)))
    return ordered[(len(ordered) - 1) // 2]


def summarize(task, data, results):
    """The numbers to publish of a task.

    Args:
        task: `GlueTask`.
        data: its `TaskData`.
        results: list of what `TaskRun.seed` returned.

    Returns:
        A dict of `median`, `minimum`, `maximum`, `standard_deviation` (of the sample), `majority`
        and `interval_95` (a bootstrap of the median seed's dev rows), each by metric, and
        `median_seed`.
    """
    scores = [dev_metrics(result) for result in results]
    columns = {name: [score[name] for score in scores] for name in scores[0]}
    middle = median_seed(results)
    majority, interval = {}, {}
    for part, examples in data.dev.items():
        labels = class_ids(task, examples)
        answers = np.array(middle["dev"][part]["answers"], labels.dtype)
        for kind, values in (
            (majority, majority_metrics(task.metrics, labels)),
            (interval, bootstrap_intervals(task.metrics, labels, answers)),
        ):
            kind.update({f"{name}{part}": value for name, value in values.items()})
    return {
        "median": {name: statistics.median(values) for name, values in columns.items()},
        "minimum": {name: min(values) for name, values in columns.items()},
        "maximum": {name: max(values) for name, values in columns.items()},
        "standard_deviation": {
            name: statistics.stdev(values) if len(values) > 1 else 0.0
            for name, values in columns.items()
        },
        "interval_95": interval,
        "majority": majority,
        "median_seed": middle["seed"],
    }
