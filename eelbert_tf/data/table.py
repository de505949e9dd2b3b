"""The common shape of every source: named columns, rows to go through, and bad rows."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from eelbert_tf.data.examples import SkippedRow
from eelbert_tf.errors import UserError


class Row(NamedTuple):
    """The values of the selected columns, in the order they were selected.

    `raw` is the row as text; None where the source is not a text file.
    """

    line: int
    values: Sequence[Any]
    raw: str | None = None


@dataclass(frozen=True)
class Table:
    """Named columns, and a function from column names to the rows with just these columns."""

    columns: list[str]
    select: Callable[[Sequence[str]], Iterable[Row]]


@dataclass
class BadRows:
    """What happens to a bad row: an error, or with `skip` a place in `skipped`.

    Attributes:
        file: the source, as named in messages.
        skip: keep bad rows in `skipped` instead of raising.
    """

    file: str
    skip: bool
    skipped: list[SkippedRow] = field(default_factory=list)

    def add(self, row: Row, reason: str) -> None:
        """Records `row`.

        Raises:
            UserError: without `skip`.
        """
        if not self.skip:
            unit = "row" if row.raw is None else "line"
            raise UserError(
                f"{self.file}, {unit} {row.line}: {reason}. Mend the row, or leave out such "
                "rows with `--skip-bad-rows` (`skip_bad_rows=True`)."
            )
        raw = row.raw if row.raw is not None else json.dumps(row.values, default=repr)
        self.skipped.append(SkippedRow(self.file, row.line, reason, raw))
