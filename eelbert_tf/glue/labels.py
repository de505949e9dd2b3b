"""Labels as the numbers that a model learns."""

import math

import numpy as np

from eelbert_tf.data.read import TFDS_PREFIX
from eelbert_tf.errors import UserError


def class_ids(task, examples):
    """Labels as the numbers that a model learns: int32 classes, or float32 scores.

    Args:
        task: `GlueTask`.
        examples: `Examples` with labels as its source writes them.

    Raises:
        UserError: a label is not one of the task's.
    """
    rows = list(enumerate(examples.labels))
    if task.regression:
        return np.array([_score(label, row, examples) for row, label in rows], "float32")
    known = {name: n for names in (task.labels, task.names) for n, name in enumerate(names)}
    for row, label in rows:
        if label not in known:
            raise UserError(
                f"{row_place(examples, row)}: a label of {task.title} must be one of "
                f"{', '.join(task.labels)}. Received: {label!r}. Mend the row."
            )
    return np.array([known[label] for label in examples.labels], "int32")


def row_place(examples, row):
    """File and line of a row; files are read whole, with one line of header."""
    unit = "row" if examples.source.startswith(TFDS_PREFIX) else "line"
    return f"{examples.source}, {unit} {row + (2 if unit == 'line' else 1)}"


def _score(label, row, examples):
    try:
        score = float(label)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise UserError(
            f"{row_place(examples, row)}: a score must be a number. Received: {label!r}. "
            "Mend the row."
        )
    return score
