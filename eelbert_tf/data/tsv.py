"""Tab-separated files: a header, tabs between the fields, no quoting."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from eelbert_tf.data.table import BadRows, Row, Table
from eelbert_tf.data.text_file import check_header, read_text


def read_tsv(path: Path, bad_rows: BadRows) -> Table:
    """Reads a TSV file. A quote mark is text; lines end in a line feed or CR LF."""
    return tsv_table(path, iter(read_text(path).split("\n")), bad_rows)


def tsv_table(path: Path, lines: Iterator[str], bad_rows: BadRows) -> Table:
    """The table of a file's lines without their line feeds, which are read as they are asked."""
    header = next(lines, "")
    check_header(path, header)
    columns = [name.strip() for name in header.split("\t")]

    def select(names: Sequence[str]) -> Iterator[Row]:
        indices = [columns.index(name) for name in names]
        for number, line in enumerate(lines, start=2):
            line = line.removesuffix("\r")
            fields = line.split("\t")
            if len(fields) == len(columns):
                yield Row(number, [fields[index] for index in indices], line)
            else:
                bad_rows.add(
                    Row(number, fields, line),
                    f"expected {len(columns)} tab-separated fields, found {len(fields)}",
                )

    return Table(columns, select)
