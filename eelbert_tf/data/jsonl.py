"""JSON Lines files: one object a line."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from eelbert_tf.data.table import BadRows, Row, Table
from eelbert_tf.data.text_file import read_text


def read_jsonl(path: Path, bad_rows: BadRows) -> Table:
    """Reads a JSON Lines file. Its columns are all keys found; a key not there is null."""
    text = read_text(path)
    objects = []
    columns = {}
    for number, line in enumerate(text.split("\n") if text else [], start=1):
        try:
            value = json.loads(line)
        # Not JSON, a number of too many digits, or nesting too deep.
        except (ValueError, RecursionError) as error:
            bad_rows.add(Row(number, [], line), f"not valid JSON: {error}")
            continue
        if isinstance(value, dict):
            objects.append((number, value, line))
            columns.update(dict.fromkeys(value))
        else:
            bad_rows.add(Row(number, [], line), "not a JSON object such as {...}")

    def select(names: Sequence[str]) -> Iterator[Row]:
        for number, value, line in objects:
            yield Row(number, [value.get(name) for name in names], line)

    return Table(list(columns), select)
