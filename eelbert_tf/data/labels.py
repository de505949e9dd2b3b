"""Labels: class names or scores."""

import math
from collections.abc import Sequence
from typing import Any


def are_scores(labels: Sequence[Any], column: str, *, column_was_named: bool) -> bool:
    """Whether the labels of a column are scores rather than class names.

    They are when the column is `score`; when the user named the column and its values are
    numbers, at least one of them with a decimal point; or when the file itself says that its
    values are numbers (JSON, Parquet, TFDS) and at least one is not whole. So `0` and `1` are
    class names.

    Example:
        >>> are_scores(["3.25", "4"], "similarity", column_was_named=True)
        True
        >>> are_scores(["0", "1"], "label", column_was_named=True)
        False
    """
    if column == "score":
        return True
    if column_was_named:
        fractional = any("." in str(label) for label in labels)
    else:
        fractional = any(isinstance(label, float) and not label.is_integer() for label in labels)
    return fractional and all(_number(label) is not None for label in labels)


def as_score(label: Any) -> float | None:
    """Gives a label as a finite float, or None where it is none."""
    number = _number(label)
    return number if number is not None and math.isfinite(number) else None


def as_class_name(label: Any) -> str:
    """Gives a label as text without surrounding space; JSON's `true` stays `true`."""
    return str(label).lower() if isinstance(label, bool) else str(label).strip()


def _number(label: Any) -> float | None:
    # Python's float takes "1_000"; a data file does not mean that.
    if isinstance(label, bool) or "_" in str(label):
        return None
    try:
        return float(label)
    except (ValueError, OverflowError):
        return None
