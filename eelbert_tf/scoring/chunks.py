"""Input files in chunks of rows, which follow from the file and the plan alone."""

import pathlib
from typing import NamedTuple

from eelbert_tf.data.columns import Columns, choose_columns
from eelbert_tf.data.rows import sound_rows
from eelbert_tf.data.text_file import readable
from eelbert_tf.errors import UserError
from eelbert_tf.scoring.plan import Shard
from eelbert_tf.scoring.tables import BadRowsOfFile, format_of, open_table

# Characters of a chunk, whatever its rows.
CHUNK_SIZE = 1 << 23
WITH_HEADER = ("csv", "tsv", "parquet")


class Chunk(NamedTuple):
    """Some rows of a shard: those to score, and the bad ones as `BadRowsOfFile` has them."""

    shard: Shard
    index: int
    ids: list
    texts: list
    pairs: list | None
    bad: list


def read_chunks(shard, plan):
    """The chunks of a shard in order; at least one, which may be empty.

    Args:
        shard: `Shard`.
        plan: `Plan`.

    Yields:
        `Chunk`s.

    Raises:
        UserError: the file cannot be read, is cut short, or has not the columns.
    """
    columns = Columns(*plan.columns)
    index, size, rows = 0, 0, []
    with readable(pathlib.PurePath(shard.path)):
        table, bad_rows = _open(shard, plan)
        for row in _rows(table, columns, shard, plan, bad_rows):
            rows.append(row)
            size += len(row.values[0])
            if len(rows) + len(bad_rows.skipped) >= plan.chunk_rows or size >= CHUNK_SIZE:
                yield _chunk(shard, index, rows, columns, bad_rows)
                index, size, rows = index + 1, 0, []
    if rows or bad_rows.skipped or not index:
        yield _chunk(shard, index, rows, columns, bad_rows)


def found_columns(shards, plan):
    """The names of the columns to read, as the first file that tells names has them.

    Args:
        shards: list of `Shard`.
        plan: `Plan`, with None for those of its `columns` that the user did not name.

    Returns:
        `(text, second text or None, id or None)`; the id is the column `id` where there is one.

    Raises:
        UserError: there are no such columns; or pairs where the model takes single texts, or the
            other way round.
    """
    tables = ((shard.path, _open(shard, plan)[0].columns) for shard in shards)
    path, found = next(((path, names) for path, names in tables if any(names)), (None, []))
    text, text_pair, identity = plan.columns
    if identity is None and "id" in found:
        identity = "id"
    chosen = _choose(found, path or shards[0].path, Columns(text, text_pair, identity))
    if plan.pair != (chosen.text_pair is not None):
        kinds = {True: "pairs of texts", False: "single texts"}
        raise UserError(
            f"{plan.model} takes {kinds[plan.pair]}. Received: {kinds[not plan.pair]} in {path}. "
            "Name the columns by --text-column and --text-pair-column."
        )
    return tuple(chosen)


def _open(shard, plan):
    """The table of a shard, and where its bad rows will be."""
    bad_rows = BadRowsOfFile(shard.path)
    file_format = plan.input_format or format_of(shard.path)
    with readable(pathlib.PurePath(shard.path)):
        return open_table(shard.path, file_format, plan.pair, bad_rows), bad_rows


def _rows(table, columns, shard, plan, bad_rows):
    if (plan.input_format or format_of(shard.path)) in WITH_HEADER:
        if not any(table.columns):
            return iter(())
        _choose(table.columns, shard.path, columns)
    return sound_rows(table, columns, bad_rows)


def _choose(found, path, columns):
    # An id is what a label is elsewhere: a value beside the text, which must be there.
    return choose_columns(
        found,
        path,
        text_column=columns.text,
        text_pair_column=columns.text_pair,
        label_column=columns.label,
        with_labels=columns.label is not None,
    )


def _chunk(shard, index, rows, columns, bad_rows):
    if columns.label is None:
        ids = [f"{shard.path}:{row.line}" for row in rows]
    else:
        ids = [str(row.values[-1]) for row in rows]
    pairs = None if columns.text_pair is None else [row.values[1] for row in rows]
    return Chunk(shard, index, ids, [row.values[0] for row in rows], pairs, bad_rows.take())
