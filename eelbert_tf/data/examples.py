"""Texts, their labels, and the rows that had to be left out."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class SkippedRow:
    """A row that was left out.

    Attributes:
        file: the file (or `tfds:NAME`) the row is in.
        line: its first line, counted from 1; in Parquet files and TFDS datasets, its row.
        reason: why it was left out, in one line.
        raw: the row as it stands in the file. Bytes that are not UTF-8 are kept as lone
            surrogates (Python's `surrogateescape`).
    """

    file: str
    line: int
    reason: str
    raw: str


@dataclass(frozen=True)
class Examples:
    """Texts with or without labels, in the order of their source.

    Attributes:
        texts: the texts; an empty text is valid.
        text_pairs: the second texts, as many as `texts`, or None.
        labels: as many as `texts`: class names (str) or scores (float); None without labels.
        source: where they came from.
        skipped: the rows left out, in the order of the source.

    Example:
        >>> len(Examples(["a fine film", "a bore"], None, ["good", "bad"], "films.tsv"))
        2
    """

    texts: list[str]
    text_pairs: list[str] | None
    labels: list[str] | list[float] | None
    source: str
    skipped: list[SkippedRow] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, indices: Sequence[int]) -> "Examples":
        """Returns the examples at `indices`; the skipped rows stay with the whole."""

        def pick(values: list | None) -> list | None:
            return None if values is None else [values[index] for index in indices]

        return Examples(pick(self.texts), pick(self.text_pairs), pick(self.labels), self.source)


def write_skipped(examples: Examples, path: str | Path) -> None:
    """Writes the skipped rows as JSON Lines, so that no data is lost.

    Each line is an object with the keys `file`, `line`, `reason` and `raw`. The file is plain
    ASCII: `json.loads` gives every `raw` back exactly.

    Args:
        examples: what `read_examples` returned.
        path: the file to write; an existing file is replaced.

    Example:
        >>> write_skipped(read_examples("films.tsv", skip_bad_rows=True), "skipped.jsonl")
    """
    lines = [json.dumps(asdict(row)) + "\n" for row in examples.skipped]
    Path(path).write_text("".join(lines), encoding="ascii", newline="\n")
