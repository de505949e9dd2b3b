"""Scores of predictions, beside what the majority class would reach."""

import math

import numpy as np


def classification_metrics(labels, predictions):
    """Accuracy and macro F1, with the share of the commonest label.

    Args:
        labels: list of str, the right ones.
        predictions: list of str.

    Returns:
        A dict of `accuracy`, `macro_f1` (over the labels that occur in either), `count` and
        `majority_accuracy`.

    >>> classification_metrics(["a", "a", "b", "b"], ["a", "a", "b", "a"])["accuracy"]
    0.75
    """
    from sklearn.metrics import accuracy_score, f1_score

    _, counts = np.unique(np.array(labels, dtype=object).astype(str), return_counts=True)
    return {
        "accuracy": float(accuracy_score(labels, predictions)),
        "macro_f1": float(f1_score(labels, predictions, average="macro", zero_division=0.0)),
        "count": len(labels),
        "majority_accuracy": float(counts.max() / len(labels)),
    }


def score_metrics(scores, predictions):
    """Pearson's and Spearman's correlation and the mean absolute error.

    A correlation is None where one side is constant.
    """
    from scipy.stats import pearsonr, spearmanr

    scores, predictions = np.asarray(scores, float), np.asarray(predictions, float)
    constant = len(scores) < 2 or np.ptp(scores) == 0 or np.ptp(predictions) == 0

    def correlation(function):
        value = math.nan if constant else float(function(scores, predictions).statistic)
        return None if math.isnan(value) else value

    return {
        "pearson": correlation(pearsonr),
        "spearman": correlation(spearmanr),
        "mean_absolute_error": float(np.abs(scores - predictions).mean()),
        "count": len(scores),
    }
