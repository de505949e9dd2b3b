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
        value, fault = parse_object(line)
        if fault:
            bad_rows.add(Row(number, [], line), fault)
        else:
            objects.append((number, value, line))
            columns.update(dict.fromkeys(value))

    def select(names: Sequence[str]) -> Iterator[Row]:
        for number, value, line in objects:
            yield Row(number, [value.get(name) for name in names], line)

    return Table(list(columns), select)


def parse_object(line: str) -> tuple[dict | None, str | None]:
    """Gives the object of a line and None, or None and what is wrong with the line."""
    try:
        value = json.loads(line)
    # Not JSON, a number of too many digits, or nesting too deep.
    except (ValueError, RecursionError) as error:
        return None, f"not valid JSON: {error}"
    if isinstance(value, dict):
        return value, None
    return None, "not a JSON object such as {...}"
