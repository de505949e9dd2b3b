"""Which columns of a table hold the text, the second text and the label."""

from collections.abc import Sequence
from typing import NamedTuple

from eelbert_tf.errors import UserError

# The first entry whose names are all in the table is taken.
KNOWN_TEXT_COLUMNS = (
    ("text", "text_pair"),
    ("text",),
    ("sentence1", "sentence2"),
    ("question1", "question2"),
    ("premise", "hypothesis"),
    ("question", "sentence"),
    ("sentence",),
)
KNOWN_LABEL_COLUMNS = ("label", "score")


class Columns(NamedTuple):
    """Names of the columns to read; None for what is not there or not wanted."""

    text: str
    text_pair: str | None
    label: str | None


def choose_columns(
    found: Sequence[str],
    source: str,
    *,
    text_column: str | None = None,
    text_pair_column: str | None = None,
    label_column: str | None = None,
    with_labels: bool = True,
) -> Columns:
    """Chooses the columns of a table: those named, else the usual ones.

    Args:
        found: the names of the table's columns.
        source: where the table came from, for messages.
        text_column: the column of the texts. When named, there is no second text unless
            `text_pair_column` is named as well.
        text_pair_column: the column of the second texts.
        label_column: the column of the labels or scores.
        with_labels: False leaves the label out, named or not.

    Raises:
        UserError: when a column is not there, is there twice, or has two roles.

    Example:
        >>> choose_columns(["sentence1", "sentence2", "score"], "stsb.tsv")
        Columns(text='sentence1', text_pair='sentence2', label='score')
    """
    hint = (
        f"Columns found: {', '.join(_shorten(name) for name in found) or 'none'}. Name others "
        "with `--text-column`, `--text-pair-column` and `--label-column`."
    )
    label = None
    if with_labels:
        label = label_column or _first(KNOWN_LABEL_COLUMNS, found)
        if label is None:
            raise UserError(f"{source} has no column `label` or `score`. {hint}")

    text, text_pair = text_column, text_pair_column
    if text is None:
        taken = {text_pair_column, label}
        known = [
            names
            for names in KNOWN_TEXT_COLUMNS
            if taken.isdisjoint(names) and {*names} <= {*found}
        ]
        if not known:
            raise UserError(
                f"{source} has no column `text` or `sentence`, nor a pair of columns such as "
                f"`sentence1` and `sentence2`. {hint}"
            )
        text = known[0][0]
        if text_pair is None and len(known[0]) == 2:
            text_pair = known[0][1]

    chosen = [name for name in (text, text_pair, label) if name is not None]
    for name in chosen:
        if name not in found:
            raise UserError(f"{source} has no column `{_shorten(name)}`. {hint}")
        if found.count(name) > 1:
            raise UserError(f"{source} has more than one column `{_shorten(name)}`. {hint}")
        if chosen.count(name) > 1:
            raise UserError(f"Column `{_shorten(name)}` of {source} is named twice. {hint}")
    return Columns(text, text_pair, label)


def _first(names: Sequence[str], found: Sequence[str]) -> str | None:
    return next((name for name in names if name in found), None)


def _shorten(name: str) -> str:
    """Keeps a message readable when a row of data stands where the header should be."""
    name = " ".join(name.split())
    return name if len(name) <= 40 else name[:37] + "..."
