"""fastText files: `__label__NAME text` on each line, or just the text."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from eelbert_tf.data.table import BadRows, Row, Table
from eelbert_tf.data.text_file import read_text

LABEL = re.compile(r"__label__([^ \t]*)[ \t]*")


def read_fasttext(path: Path, bad_rows: BadRows) -> Table:
    """Reads a fastText file, as the columns `label` and `text`.

    When the label is not selected, lines may have none or several; these are no part of the
    text.
    """
    text = read_text(path)
    lines = text.split("\n") if text else []

    def select(names: Sequence[str]) -> Iterator[Row]:
        for number, line in enumerate(lines, start=1):
            line = line.removesuffix("\r")
            labels, start = [], 0
            while match := LABEL.match(line, start):
                labels.append(match[1])
                start = match.end()
            values = {"label": labels[0] if labels else None, "text": line[start:]}
            row = Row(number, [values[name] for name in names], line)
            if "label" not in names or len(labels) == 1:
                yield row
            else:
                bad_rows.add(
                    row, f"expected one `__label__NAME` before the text, found {len(labels)}"
                )

    return Table(["label", "text"], select)
