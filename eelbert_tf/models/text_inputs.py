"""What people have as texts and labels, to the arrays that training takes. NumPy only."""

import collections.abc
import re

import numpy as np

from eelbert_tf.errors import UserError

_SURROGATES = re.compile("[\ud800-\udfff]")


def to_texts(x):
    """Texts or pairs of texts as NumPy object arrays of UTF-8 `bytes`.

    Args:
        x: a `str`; a list, array, pandas Series or tensor of texts; for pairs a tuple of two of
            these, a list of two-element tuples, or a dict or DataFrame of `text` and `text_pair`.

    Returns:
        `(texts, pairs)`, `pairs` None where there are none.

    Raises:
        UserError: an element is no text, or the two sides differ in length.

    Example:

    >>> to_texts("hello")
    (array([b'hello'], dtype=object), None)
    """
    if isinstance(x, collections.abc.Mapping) or hasattr(x, "columns"):
        names = list(x.keys())
        if "text" not in names:
            raise UserError(
                f"Inputs by name must be `text` and, for pairs, `text_pair`. Received: {names}."
            )
        x = (x["text"], x["text_pair"]) if "text_pair" in names else x["text"]
    if isinstance(x, list) and x and all(isinstance(row, tuple) and len(row) == 2 for row in x):
        x = tuple(zip(*x))
    if isinstance(x, tuple):
        if len(x) != 2:
            raise UserError(
                "A tuple must hold two elements, the texts and their pairs. Received: "
                f"{len(x)} elements. Give a list for single texts."
            )
        texts, pairs = _column(x[0]), _column(x[1])
        if len(texts) != len(pairs):
            raise UserError(
                "Texts and their pairs must be equally many. "
                f"Received: {len(texts)} texts, {len(pairs)} pairs."
            )
        return texts, pairs
    return _column(x), None


def _column(values):
    if isinstance(values, (str, bytes)):
        values = [values]
    elif hasattr(values, "numpy") and not isinstance(values, np.ndarray):
        values = values.numpy()
    values = np.atleast_1d(np.asarray(values, dtype=object))
    if values.ndim != 1:
        raise UserError(f"Texts must be one-dimensional. Received: shape {values.shape}.")
    column = np.empty(len(values), dtype=object)
    for index, value in enumerate(values):
        column[index] = _utf8(value, index)
    return column


def _utf8(value, index):
    if isinstance(value, bytes):
        return bytes(value)
    if isinstance(value, str):
        try:
            return value.encode("utf-8")
        except UnicodeEncodeError:
            return _SURROGATES.sub("\ufffd", value).encode("utf-8")
    raise UserError(
        f"Each text must be a string. Received: {value!r} ({type(value).__name__}) at row {index}."
    )


def split_rows(columns, y, sample_weight, fraction):
    """Split off the last rows, as `validation_split` of `keras.Model.fit` does.

    Args:
        columns: `(texts, pairs)`, `pairs` or None.
        y, sample_weight: sequences or None.
        fraction: float, the share of the second part.

    Returns:
        Two tuples `(x, y, sample_weight)`.
    """
    cut = int(len(columns[0]) * (1.0 - fraction))

    def taken(values, rows):
        if values is None:
            return None
        # Rows of several labels, or of tokens, make no rectangular array.
        return values[rows] if isinstance(values, (list, tuple)) else np.asarray(values)[rows]

    def part(rows):
        texts, pairs = (taken(column, rows) for column in columns)
        x = texts if pairs is None else (texts, pairs)
        return x, taken(y, rows), taken(sample_weight, rows)

    return part(slice(None, cut)), part(slice(cut, None))


def to_class_weights(weights, labels):
    """A dict of weights by label (name or number) to one by number; 1 where none is given.

    Raises:
        UserError: a name is not among the labels.
    """
    numbers = to_label_ids(list(weights), labels).tolist()
    return {**dict.fromkeys(range(len(labels)), 1.0), **dict(zip(numbers, weights.values()))}


def to_label_ids(y, labels):
    """Label names to their numbers; numbers pass.

    Args:
        y: array-like of label names or of numbers.
        labels: list of the known names, or None.

    Raises:
        UserError: a name is not among the labels.
    """
    array = np.asarray(y)
    if array.dtype.kind not in "OUS":
        return array
    if not labels:
        raise UserError(
            "Label names need the model's `labels`. Received: names, and a model without "
            "`labels`: make it with `labels=[...]`, or give numbers from 0."
        )
    index = {name: number for number, name in enumerate(labels)}
    names = [name.decode("utf-8") if isinstance(name, bytes) else str(name) for name in array]
    unknown = sorted({name for name in names if name not in index})
    if unknown:
        raise UserError(
            f"Each label must be one of the model's {len(labels)}: {', '.join(labels[:20])}. "
            f"Received also: {', '.join(unknown[:5])}."
        )
    return np.array([index[name] for name in names], "int32")
