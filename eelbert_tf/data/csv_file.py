"""Comma-separated files with a header and the usual double-quote quoting."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from eelbert_tf.data.table import BadRows, Row, Table
from eelbert_tf.data.text_file import check_header, read_text
from eelbert_tf.errors import UserError

# The largest limit a C long holds on every platform; Python's own is 128 KiB.
FIELD_SIZE_LIMIT = 2**31 - 1


def read_csv(path: Path, bad_rows: BadRows) -> Table:
    """Reads a CSV file. A quoted field may hold commas, line breaks and doubled quote marks."""
    return csv_table(path, io.StringIO(read_text(path), newline="\n"), bad_rows)


def csv_table(
    path: Path, lines: Iterable[str], bad_rows: BadRows, field_size_limit: int = FIELD_SIZE_LIMIT
) -> Table:
    """The table of a file's lines, which end in their line feed and are read as they are asked."""
    records = _records(lines, field_size_limit)
    header, error = next(records, (Row(1, [], ""), None))
    if error:
        raise UserError(f"{path}, line 1: the header is not sound CSV: {error}.")
    check_header(path, header.raw)
    columns = [name.strip() for name in header.values]

    def select(names: Sequence[str]) -> Iterator[Row]:
        indices = [columns.index(name) for name in names]
        for row, error in records:
            # The csv module gives a blank line as no field, not as one empty field.
            fields = row.values or [""]
            if error:
                bad_rows.add(row, f"not sound CSV: {error}")
            elif len(fields) == len(columns):
                yield row._replace(values=[fields[index] for index in indices])
            else:
                bad_rows.add(row, f"expected {len(columns)} fields, found {len(fields)}")

    return Table(columns, select)


def _records(lines: Iterable[str], field_size_limit: int) -> Iterator[tuple[Row, str | None]]:
    """Gives each record with its first line and its text, and the error where it has one."""
    pending = []

    def kept_lines() -> Iterator[str]:
        for line in lines:
            pending.append(line)
            yield line

    # strict: else a quote that is never closed swallows the rest of the file in silence.
    reader = csv.reader(kept_lines(), strict=True)
    while True:
        pending.clear()
        first_line = reader.line_num + 1
        fields, error = [], None
        # Set around each record only: the limit belongs to the whole process.
        limit = csv.field_size_limit(field_size_limit)
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as csv_error:
            error = str(csv_error)
        finally:
            csv.field_size_limit(limit)
        yield Row(first_line, fields, "".join(pending).rstrip("\r\n")), error
