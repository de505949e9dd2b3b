"""Input files as `Table`s whose rows are a stream, one function a format."""

import contextlib
import itertools
import pathlib

from eelbert_tf.data.csv_file import csv_table
from eelbert_tf.data.jsonl import parse_object
from eelbert_tf.data.parquet import column_values
from eelbert_tf.data.table import BadRows, Row, Table
from eelbert_tf.data.text_file import OPENERS
from eelbert_tf.data.tsv import tsv_table
from eelbert_tf.errors import UserError
from eelbert_tf.scoring import storage
from eelbert_tf.scoring.lines import LONGEST_LINE, Lines
from eelbert_tf.scoring.tfrecord import example_features, read_records

# Read ahead.
BATCH_ROWS = 1024
# So many without a sound one between are no data; nor may they fill the memory.
MOST_BAD_ROWS = 100_000
ENDINGS = {
    "txt": "text",
    "jsonl": "jsonl",
    "csv": "csv",
    "tsv": "tsv",
    "parquet": "parquet",
    "tfrecord": "tfrecord",
    "tfrecords": "tfrecord",
}
FORMATS = tuple(dict.fromkeys(ENDINGS.values()))


def format_of(path):
    """The format of a file, by its ending.

    Raises:
        UserError: the ending tells none.
    """
    parts = pathlib.PurePosixPath(path).name.lower().split(".")
    compressed = f".{parts[-1]}" in OPENERS
    ending = parts[-2 if compressed and len(parts) > 1 else -1]
    if ending not in ENDINGS:
        raise UserError(
            f"The format of {path} is not known by its ending. Known are .{', .'.join(ENDINGS)}, "
            "and these with .gz or .xz. Name it by --input-format."
        )
    return ENDINGS[ending]


class BadRowsOfFile(BadRows):
    """Bad rows as dicts of `file`, `row`, `offset`, `reason` and `raw`, to be taken away.

    `offset` is the byte in the uncompressed file where the row begins; of formats that are not
    text, the rows before it.

    Attributes:
        lines: `Lines` of a file of text, set by `open_table`.
    """

    def __init__(self, file):
        super().__init__(file, skip=True)
        self.lines = None

    def add(self, row, reason):
        """Keep a row.

        Raises:
            UserError: there are too many of them.
        """
        if len(self.skipped) == MOST_BAD_ROWS:
            raise UserError(
                f"{self.file} has {MOST_BAD_ROWS} bad rows one after the other, up to row "
                f"{row.line}: {reason}. Check its format and columns."
            )
        if self.lines and row.line in self.lines.too_long:
            reason = f"a line of more than {LONGEST_LINE} bytes"
        self.skipped.append(
            {
                "file": self.file,
                "row": row.line,
                "offset": self.lines.offset(row.line) if self.lines else row.line - 1,
                "reason": reason,
                "raw": row.raw,
            }
        )

    def take(self):
        """Those since the last call."""
        taken, self.skipped = self.skipped, []
        return taken


def open_table(path, file_format, pair, bad_rows):
    """The table of a file. Its rows are read while they are gone through, once.

    Args:
        path: str, as Beam's file systems take it.
        file_format: str, one of `FORMATS`.
        pair: bool. Whether a line of a text file is two texts with a tab between.
        bad_rows: `BadRowsOfFile`.

    Raises:
        UserError: the header cannot be read.
    """
    if file_format == "parquet":
        return _parquet(path)
    if file_format == "tfrecord":
        return _tfrecord(path, bad_rows)
    lines = bad_rows.lines = Lines(path)
    if file_format == "csv":
        return csv_table(path, lines, bad_rows, LONGEST_LINE)
    without_end = (line.rstrip("\n") for line in lines)
    if file_format == "tsv":
        return tsv_table(path, without_end, bad_rows)
    numbered = enumerate((line.removesuffix("\r") for line in without_end), start=1)
    return _text(numbered, pair, bad_rows) if file_format == "text" else _jsonl(numbered, bad_rows)


def _text(numbered, pair, bad_rows):
    columns = ["text", "text_pair"] if pair else ["text"]

    def select(names):
        for number, line in numbered:
            fields = line.split("\t") if pair else [line]
            if len(fields) == len(columns):
                yield Row(number, [fields[columns.index(name)] for name in names], line)
            else:
                bad_rows.add(Row(number, [], line), "expected two texts with one tab between")

    return Table(columns, select)


def _jsonl(numbered, bad_rows):
    """Its columns are the keys of the first object."""
    ahead, columns = [], []
    for number, line in numbered:
        ahead.append((number, line))
        columns = list(parse_object(line)[0] or {})
        if columns or len(ahead) == BATCH_ROWS:
            break

    def select(names):
        for number, line in itertools.chain(ahead, numbered):
            value, fault = parse_object(line)
            if fault:
                bad_rows.add(Row(number, [], line), fault)
            else:
                yield Row(number, [value.get(name) for name in names], line)

    return Table(columns, select)


def _parquet(path):
    from pyarrow.parquet import ParquetFile

    with _parquet_errors(path), storage.opened(path) as file:
        columns = ParquetFile(file).schema_arrow.names

    def select(names):
        number = 0
        with _parquet_errors(path), storage.opened(path) as file:
            for batch in ParquetFile(file).iter_batches(BATCH_ROWS, columns=list(names)):
                for values in zip(*(column_values(batch.column(name)) for name in names)):
                    number += 1
                    yield Row(number, values)

    return Table(columns, select)


def _tfrecord(path, bad_rows):
    """Its columns are the features of the first record; a feature holds one value."""
    records = read_records(path)
    first = next(records, None)
    columns = list(example_features(first) or {}) if first is not None else []

    def select(names):
        for number, record in enumerate(itertools.chain([first], records), start=1):
            features = example_features(record)
            if features is None:
                bad_rows.add(Row(number, []), "not a tf.train.Example")
                continue
            values = [features.get(name) or [None] for name in names]
            if all(len(value) == 1 for value in values):
                yield Row(number, [value[0] for value in values])
            else:
                bad_rows.add(Row(number, []), "a feature must hold one value")

    return Table(columns, select if first is not None else lambda names: iter(()))


@contextlib.contextmanager
def _parquet_errors(path):
    import pyarrow

    try:
        yield
    except (pyarrow.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{path} cannot be read as Parquet: {reason}") from None
