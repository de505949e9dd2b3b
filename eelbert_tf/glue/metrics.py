"""The official metrics of GLUE, and what the commonest answer reaches."""

import math

import numpy as np

from eelbert_tf.glue.tasks import ACCURACY, F1, MATTHEWS, PEARSON, SPEARMAN


def task_metrics(names, labels, predictions):
    """The metrics of predictions.

    Args:
        names: the names of the metrics.
        labels: int array of classes (F1 is that of class 1), or float array of scores.
        predictions: array like `labels`.

    Returns:
        A dict of floats from -1 to 1. A metric that the data leave undefined (a correlation
        with one constant side, Matthews' coefficient of one answer) is 0.

    Example:
        >>> task_metrics(("f1", "accuracy"), np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0]))
        {'f1': 0.5, 'accuracy': 0.5}
    """
    from scipy.stats import pearsonr, spearmanr
    from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

    def correlation(function):
        if len(labels) < 2 or np.ptp(labels) == 0 or np.ptp(predictions) == 0:
            return 0.0
        return function(labels, predictions).statistic

    functions = {
        ACCURACY: lambda: accuracy_score(labels, predictions),
        F1: lambda: f1_score(labels, predictions, zero_division=0.0),
        MATTHEWS: lambda: matthews_corrcoef(labels, predictions),
        PEARSON: lambda: correlation(pearsonr),
        SPEARMAN: lambda: correlation(spearmanr),
    }
    values = {name: float(functions[name]()) for name in names}
    return {name: 0.0 if math.isnan(value) else value for name, value in values.items()}


def majority_metrics(names, labels):
    """The metrics of answering the commonest class always; for scores, of one score: 0."""
    if labels.dtype.kind == "f":
        return task_metrics(names, labels, np.zeros_like(labels))
    return task_metrics(names, labels, np.full_like(labels, np.bincount(labels).argmax()))


def main_score(metrics):
    """What choices go by: the mean of a task's metrics."""
    return sum(metrics.values()) / len(metrics)
