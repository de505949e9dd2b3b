"""Bootstrap intervals of GLUE's metrics."""

import numpy as np

from eelbert_tf.glue.tasks import ACCURACY, F1, MATTHEWS, PEARSON, SPEARMAN

RESAMPLES = 1000
_ROWS_AT_ONCE = 2_000_000


def bootstrap_intervals(names, labels, predictions, resamples=RESAMPLES, seed=0):
    """The middle 95 % of each metric over resamples of the rows.

    Args:
        names: the names of the metrics.
        labels, predictions: as in `task_metrics`.
        resamples: int.
        seed: int.

    Returns:
        A dict from each name to `[low, high]`.

    Example:
        >>> bootstrap_intervals(("accuracy",), np.array([1, 0]), np.array([1, 0]))
        {'accuracy': [1.0, 1.0]}
    """
    random = np.random.default_rng(seed)
    if labels.dtype.kind == "f":
        values = _correlations(names, labels, predictions, resamples, random)
    else:
        values = _of_confusions(names, _confusions(labels, predictions, resamples, random))
    return {n: [float(bound) for bound in np.quantile(values[n], (0.025, 0.975))] for n in names}


def _confusions(labels, predictions, resamples, random):
    """Confusion matrices `(resamples, classes, classes)`: drawing rows is drawing their cells."""
    classes = int(max(labels.max(), predictions.max())) + 1
    cells = np.bincount(labels * classes + predictions, minlength=classes * classes)
    drawn = random.multinomial(len(labels), cells / len(labels), size=resamples)
    return drawn.reshape(resamples, classes, classes).astype("float64")


def _of_confusions(names, matrices):
    total = matrices.sum(axis=(1, 2))
    values = {ACCURACY: np.trace(matrices, axis1=1, axis2=2) / total}
    if F1 in names or MATTHEWS in names:
        if matrices.shape[1] < 2:  # one class in labels and predictions
            matrices = np.pad(matrices, ((0, 0), (0, 1), (0, 1)))
        (tn, fp), (fn, tp) = np.moveaxis(matrices, 0, -1)
        values[F1] = _ratio(2 * tp, 2 * tp + fp + fn)
        product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
        values[MATTHEWS] = _ratio(tp * tn - fp * fn, np.sqrt(product))
    return values


def _ratio(numerators, denominators):
    return np.divide(
        numerators, denominators, out=np.zeros_like(denominators), where=denominators > 0
    )


def _correlations(names, labels, predictions, resamples, random):
    from scipy.stats import rankdata

    parts = {name: [] for name in names}
    at_once = max(1, _ROWS_AT_ONCE // len(labels))
    for start in range(0, resamples, at_once):
        size = (min(at_once, resamples - start), len(labels))
        rows = random.integers(0, len(labels), size)
        x, y = labels[rows], predictions[rows]
        for name in names:
            if name == SPEARMAN:
                parts[name].append(_pearson(rankdata(x, axis=1), rankdata(y, axis=1)))
            elif name == PEARSON:
                parts[name].append(_pearson(x, y))
    return {name: np.concatenate(values) for name, values in parts.items()}


def _pearson(x, y):
    x = x - x.mean(axis=1, keepdims=True)
    y = y - y.mean(axis=1, keepdims=True)
    return _ratio((x * y).sum(axis=1), np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1)))
