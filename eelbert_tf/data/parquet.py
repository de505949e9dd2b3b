"""Parquet files, through pyarrow."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from eelbert_tf.data.table import BadRows, Row, Table
from eelbert_tf.errors import UserError


def read_parquet(path: Path, bad_rows: BadRows) -> Table:
    """Reads a Parquet file; only the selected columns are loaded, strings as bytes.

    `bad_rows` is there because every reader takes it: no Parquet row is malformed by itself.

    Raises:
        UserError: when pyarrow is not installed or the file cannot be read.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise UserError(
            f"Reading {path} needs pyarrow. Install it: pip install eelbert_tf[parquet]"
        ) from None

    try:
        file = ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise _unreadable(path, error) from None

    def select(names: Sequence[str]) -> Iterator[Row]:
        try:
            table = file.read(columns=list(names))
        except (pyarrow.ArrowException, OSError) as error:
            raise _unreadable(path, error) from None
        values = [column_values(table.column(name)) for name in names]
        for number, row in enumerate(zip(*values, strict=True), start=1):
            yield Row(number, row)

    return Table(file.schema_arrow.names, select)


def column_values(column) -> list:
    """Gives the values as Python objects, strings as bytes: they may hold malformed UTF-8."""
    from pyarrow import large_binary, types

    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_string(column.type) or types.is_large_string(column.type):
        column = column.cast(large_binary())
    return column.to_pylist()


def _unreadable(path: Path, error: Exception) -> UserError:
    return UserError(f"{path} cannot be read as Parquet: {' '.join(str(error).split())}")
