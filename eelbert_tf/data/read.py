"""Reading labelled texts from a file or a TFDS dataset."""

import os
from pathlib import Path

from eelbert_tf.data.columns import choose_columns
from eelbert_tf.data.csv_file import read_csv
from eelbert_tf.data.examples import Examples
from eelbert_tf.data.fasttext import read_fasttext
from eelbert_tf.data.jsonl import read_jsonl
from eelbert_tf.data.parquet import read_parquet
from eelbert_tf.data.rows import read_labels, sound_rows
from eelbert_tf.data.table import BadRows, Table
from eelbert_tf.data.text_file import OPENERS
from eelbert_tf.data.tfds_source import read_tfds
from eelbert_tf.data.tsv import read_tsv
from eelbert_tf.errors import UserError

READERS = {
    "tsv": read_tsv,
    "csv": read_csv,
    "jsonl": read_jsonl,
    "txt": read_fasttext,
    "parquet": read_parquet,
}
TFDS_PREFIX = "tfds:"


def read_examples(
    source: str | os.PathLike,
    *,
    text_column: str | None = None,
    text_pair_column: str | None = None,
    label_column: str | None = None,
    skip_bad_rows: bool = False,
    with_labels: bool = True,
    split: str | None = None,
    file_format: str | None = None,
    data_dir: str | os.PathLike | None = None,
) -> Examples:
    r"""Reads texts and their labels.

    Files: `.tsv` (header, no quoting), `.csv` (header, quoting), `.jsonl` (an object a line),
    `.txt` (fastText: `__label__NAME text`; with `with_labels=False`, one text a line) and
    `.parquet`; all but Parquet also compressed as `.gz` or `.xz`. Text is UTF-8; blank lines at
    the end of a file are no rows.

    Columns, unless named: the label is `label`, else `score`; the text is `text` or
    `sentence`, or a pair such as `sentence1` and `sentence2`. Labels are class names (str),
    `0` and `1` too; a column `score`, and a column of numbers with decimal points that is
    named with `label_column`, hold scores (float).

    Args:
        source: a file, or `tfds:NAME` or `tfds:NAME/CONFIG` for a TensorFlow dataset.
        text_column: name of the column of the texts.
        text_pair_column: name of the column of the second texts.
        label_column: name of the column of the labels.
        skip_bad_rows: put bad rows in `skipped` instead of raising.
        with_labels: False reads the texts alone, whether or not there are labels.
        split: the split of a TFDS dataset; `train` unless given. Files have none.
        file_format: `tsv`, `csv`, `jsonl`, `txt` or `parquet`, for a file with another ending.
        data_dir: where TFDS datasets are kept; unless given, where TFDS keeps them.

    Returns:
        The examples, in the order of the source.

    Raises:
        UserError: when the source cannot be read, has not the columns, holds no rows, or a row
            is bad: wrong number of fields, no text, no label, a label that is no finite number
            in a column of scores, not UTF-8, not JSON.

    Example:
        >>> Path("films.tsv").write_text("label\ttext\ngood\tfine\n")
        >>> read_examples("films.tsv").labels
        ['good']
    """
    name = os.fspath(source)
    bad_rows = BadRows(name, skip_bad_rows)
    table = _open_table(name, split, file_format, data_dir, bad_rows)
    if not any(table.columns):
        raise _no_rows(bad_rows)
    columns = choose_columns(
        table.columns,
        name,
        text_column=text_column,
        text_pair_column=text_pair_column,
        label_column=label_column,
        with_labels=with_labels,
    )
    rows = list(sound_rows(table, columns, bad_rows))
    labels = None
    if columns.label is not None:
        rows, labels = read_labels(rows, columns.label, label_column is not None, bad_rows)
    if not rows:
        raise _no_rows(bad_rows)
    return Examples(
        texts=[row.values[0] for row in rows],
        text_pairs=[row.values[1] for row in rows] if columns.text_pair is not None else None,
        labels=labels,
        source=name,
        skipped=sorted(bad_rows.skipped, key=lambda row: row.line),
    )


def _open_table(
    name: str,
    split: str | None,
    file_format: str | None,
    data_dir: str | os.PathLike | None,
    bad_rows: BadRows,
) -> Table:
    if os.path.exists(name):
        if split is not None:
            raise UserError(f"`split` is for `tfds:NAME` sources. Received: {split!r} with {name}.")
        path = Path(name)
        file_format = file_format or _format_of(path)
        if file_format not in READERS:
            raise UserError(
                f"The format of {name} is not known. Received: {file_format!r}. Use a file that "
                f"ends in .{', .'.join(READERS)} (all but .parquet also with .gz or .xz), or say "
                "which it is with `--file-format` (`file_format=`)."
            )
        return READERS[file_format](path, bad_rows)
    if name.startswith(TFDS_PREFIX):
        return read_tfds(name.removeprefix(TFDS_PREFIX), split or "train", data_dir)
    raise UserError(
        "A source must be the path of a file that exists, or `tfds:NAME` such as "
        f"`tfds:glue/sst2`. Received: {name!r}"
    )


def _format_of(path: Path) -> str:
    path = path.with_suffix("") if path.suffix.lower() in OPENERS else path
    return path.suffix.lower().removeprefix(".")


def _no_rows(bad_rows: BadRows) -> UserError:
    if not bad_rows.skipped:
        return UserError(f"{bad_rows.file} holds no rows.")
    first = bad_rows.skipped[0]
    return UserError(
        f"{bad_rows.file} holds no rows that can be used: {len(bad_rows.skipped)} skipped. "
        f"The first: {first.line}: {first.reason}."
    )
