"""Scored rows as files: the part of a chunk, and the join of the parts of an input file.

Rows come as columns: `id`; then `label` and `probability`, or `labels`, or `score`; and
`probabilities`, in the order of the model's labels.
"""

import io
import json

from eelbert_tf.scoring import storage
from eelbert_tf.scoring.tfrecord import write_examples

FORMATS = ("jsonl", "parquet", "tfrecord")


def write_part(columns, output_format, file):
    """Write the rows of a chunk to an open file.

    Args:
        columns: dict of lists of equal length.
        output_format: str, one of `FORMATS`.
        file: a file to write bytes to.
    """
    if output_format == "parquet":
        import pyarrow
        from pyarrow import parquet

        table = pyarrow.table(columns, schema=_schema(columns))
        buffer = io.BytesIO()
        parquet.write_table(table, buffer)
        file.write(buffer.getvalue())
        return
    rows = (dict(zip(columns, values)) for values in zip(*columns.values()))
    if output_format == "tfrecord":
        write_examples(rows, file)
        return
    write_json_lines(rows, file)


def write_json_lines(rows, file):
    """Write dicts as JSON Lines, in ASCII: what is no Unicode stays as it is."""
    file.write("".join(json.dumps(row) + "\n" for row in rows).encode("ascii"))


def join(parts, output_format, path):
    """Write one file of the rows of several parts, whole or not at all; returns its bytes."""
    with storage.whole(path) as file:
        if output_format == "parquet":
            _join_parquet(parts, file)
        else:
            for part in parts:
                storage.append(part, file)
        return file.tell()


def _join_parquet(parts, file):
    from pyarrow import parquet

    writer = None
    for part in parts:
        table = parquet.read_table(io.BytesIO(storage.read_bytes(part)))
        writer = writer or parquet.ParquetWriter(file, table.schema)
        writer.write_table(table)
    writer.close()


def _schema(columns):
    import pyarrow

    kinds = {
        "id": pyarrow.string(),
        "label": pyarrow.string(),
        "labels": pyarrow.list_(pyarrow.string()),
        "probability": pyarrow.float32(),
        "probabilities": pyarrow.list_(pyarrow.float32()),
        "score": pyarrow.float32(),
    }
    return pyarrow.schema([(name, kinds[name]) for name in columns])
