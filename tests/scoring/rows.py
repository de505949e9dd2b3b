"""Rows to score as files of every format, and what was scored."""

import gzip
import json
import lzma
import pathlib

from tests import toy


def texts(count):
    """Texts of different lengths, in no order of theirs."""
    return [f"{toy.TEXTS[i % len(toy.TEXTS)]} {'so ' * (i * 7 % 5)}no {i}" for i in range(count)]


ROWS = [{"id": f"r{number}", "text": text} for number, text in enumerate(texts(20))]


def write_jsonl(path, rows):
    """Write dicts; `.gz` and `.xz` compress."""
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(pathlib.Path(path).suffix, open)
    with opener(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return str(path)


def write_rows(path, rows):
    """Write dicts of `id` and `text` in the format of the path's ending."""
    ending = path.name.partition(".")[2]
    if ending.startswith("jsonl"):
        return write_jsonl(path, rows)
    if ending == "parquet":
        import pandas

        pandas.DataFrame(rows).to_parquet(path)
    elif ending.startswith("tfrecord"):
        _write_tfrecord(path, rows)
    elif ending == "txt.xz":
        with lzma.open(path, "wt", encoding="utf-8") as file:
            file.writelines(row["text"] + "\n" for row in rows)
    else:
        mark = {"csv": ",", "tsv": "\t"}[ending]
        lines = [f"id{mark}text", *(f"{row['id']}{mark}{row['text']}" for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def _write_tfrecord(path, rows):
    import tensorflow as tf

    with tf.io.TFRecordWriter(str(path), "GZIP" if path.suffix == ".gz" else None) as writer:
        for row in rows:
            features = {
                name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value.encode()]))
                for name, value in row.items()
            }
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())


def read_jsonl(path):
    return [json.loads(line) for line in pathlib.Path(path).read_text("utf-8").splitlines()]


def scored(folder, prefix="part"):
    """All rows of all outputs, in the order of the files."""
    return [row for path in sorted(folder.glob(f"{prefix}-*.jsonl")) for row in read_jsonl(path)]
