"""The checks every row passes, whatever file it comes from."""

from collections.abc import Iterator
from typing import Any

from eelbert_tf.data.columns import Columns
from eelbert_tf.data.labels import are_scores, as_class_name, as_score
from eelbert_tf.data.table import BadRows, Row, Table
from eelbert_tf.data.text_file import is_unicode


def sound_rows(table: Table, columns: Columns, bad_rows: BadRows) -> Iterator[Row]:
    """Gives the rows whose texts are text and whose label, the last value, is there."""
    names = [name for name in columns if name is not None]
    for row in table.select(names):
        row = row._replace(values=[_decode(value) for value in row.values])
        reason = _fault(row, names, has_label=columns.label is not None)
        if reason is None:
            yield row
        else:
            bad_rows.add(row, reason)


def _decode(value: Any) -> Any:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _fault(row: Row, names: list[str], has_label: bool) -> str | None:
    if row.raw is not None and not is_unicode(row.raw):
        return "not valid UTF-8"
    for index, (name, value) in enumerate(zip(names, row.values, strict=True)):
        is_label = has_label and index == len(names) - 1
        kinds = (str, bool, int, float) if is_label else str
        if value is None or (is_label and _is_empty(value)):
            return f"column `{name}` is empty"
        if not isinstance(value, kinds):
            return f"column `{name}` must hold text. Received: {type(value).__name__}"
        if isinstance(value, str) and not is_unicode(value):
            return f"column `{name}` is not valid Unicode"
    return None


def _is_empty(label: Any) -> bool:
    return not label.strip() if isinstance(label, str) else label != label  # NaN


def read_labels(
    rows: list[Row], column: str, column_was_named: bool, bad_rows: BadRows
) -> tuple[list[Row], list[str] | list[float]]:
    """Gives the rows and their labels, less the rows that lack a number in a column of scores."""
    values = [row.values[-1] for row in rows]
    if not are_scores(values, column, column_was_named=column_was_named):
        return rows, [as_class_name(value) for value in values]
    sound, scores = [], []
    for row, value in zip(rows, values, strict=True):
        score = as_score(value)
        if score is None:
            bad_rows.add(row, f"column `{column}` must hold a finite number. Received: {value!r}")
        else:
            sound.append(row)
            scores.append(score)
    return sound, scores
