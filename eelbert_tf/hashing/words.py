"""Code points to words: integer tensors, `keras.ops` only. The standard is `docs/hash.md`.

All functions take and return tensors of shape `(batch, length)` and type int32 or bool.
"""

import collections

from keras import ops

from eelbert_tf.hashing import specification as spec
from eelbert_tf.hashing.character_table import BLOCK, pages

Segments = collections.namedtuple(
    "Segments", ["characters", "starts", "ends", "word_index", "word_counts"]
)


def segment(code_points):
    """Split code points into words.

    Args:
        code_points: int32 tensor `(batch, length)`, zeros after the end of a text.

    Returns:
        `Segments` of tensors `(batch, length)`, dropped characters taken out and the rest moved
        to the left: `characters` (folded code points), `starts` and `ends` (bool, the first and
        the last character of a word), `word_index` (the word of each character, counted from 0;
        between words, the word before), and `word_counts` `(batch,)`.
    """
    kinds, characters, kept_counts = _without_dropped(*_classify(code_points))
    kinds = _join_at_apostrophes(kinds, characters)
    solo = ops.equal(kinds, spec.SOLO)
    letters = ops.equal(kinds, spec.WORD)
    starts = ops.logical_or(
        solo, ops.logical_and(letters, ops.logical_not(previous(letters, False)))
    )
    ends = ops.logical_or(
        solo, ops.logical_and(letters, ops.logical_not(following(letters, False)))
    )
    word_index = ops.cumsum(ops.cast(starts, "int32"), axis=1) - 1
    # The last kept character of a full window: its word may go on behind it.
    last = ops.equal(ops.expand_dims(_positions(kinds), 0), kept_counts[:, None] - 1)
    cut = ops.any(ops.logical_and(last, letters), axis=1)
    word_counts = word_index[:, -1] + 1 - ops.cast(cut, "int32")
    return Segments(characters, starts, ends, word_index, word_counts)


def following(values, fill):
    """`values` moved one place to the left, `fill` at the end."""
    rest = _columns(values, 1, ops.shape(values)[1] - 1)
    return ops.concatenate([rest, ops.full_like(values[:, :1], fill)], axis=1)


def previous(values, fill):
    rest = _columns(values, 0, ops.shape(values)[1] - 1)
    return ops.concatenate([ops.full_like(values[:, :1], fill), rest], axis=1)


def _columns(values, first, count):
    """As `values[:, first : first + count]`, but for LiteRT an operation that copies rows."""
    return ops.slice(values, (0, first), (ops.shape(values)[0], count))


def windows(segments, before, after):
    """The characters around each one within its word, marks outside.

    Returns:
        A list of `before + 1 + after` tensors `(batch, length)`, int32, left to right.
    """
    result = [segments.characters]
    for _ in range(before):
        shifted = previous(result[0], 0)
        result.insert(0, ops.where(segments.starts, spec.START_MARK, shifted))
    for _ in range(after):
        shifted = following(result[-1], 0)
        result.append(ops.where(segments.ends, spec.END_MARK, shifted))
    return result


def _classify(code_points):
    """Classes and folded code points; what is no character becomes U+FFFD."""
    valid = ops.logical_and(ops.greater_equal(code_points, 0), ops.less(code_points, 0x110000))
    surrogate = ops.logical_and(
        ops.greater_equal(code_points, 0xD800), ops.less(code_points, 0xE000)
    )
    valid = ops.logical_and(valid, ops.logical_not(surrogate))
    code_points = ops.where(valid, code_points, spec.REPLACEMENT)
    page_of_block, values = pages()
    block = ops.right_shift(code_points, 7)
    page = ops.cast(ops.take(ops.convert_to_tensor(page_of_block), block, axis=0), "int32")
    value = ops.take(ops.convert_to_tensor(values), (page - block) * BLOCK + code_points, axis=0)
    offset = ops.right_shift(value, 2)
    return value - 4 * offset, code_points + offset


def _without_dropped(kinds, characters):
    """Move what is kept to the left; spaces fill the end."""
    batch, length = ops.shape(kinds)
    kept = ops.not_equal(kinds, spec.DROP)
    counts = ops.cumsum(ops.cast(kept, "int32"), axis=1)
    # Dropped characters all go to one place behind the end, which is then cut off.
    target = ops.where(kept, counts - 1, length)
    target = target + ops.arange(batch, dtype="int32")[:, None] * (length + 1)
    packed = ops.scatter(
        ops.reshape(target, (-1, 1)),
        ops.reshape(ops.where(kept, characters * 4 + kinds, 0), (-1,)),
        (batch * (length + 1),),
    )
    packed = _columns(ops.reshape(packed, (batch, length + 1)), 0, length)
    characters = ops.right_shift(packed, 2)
    return packed - 4 * characters, characters, counts[:, -1]


def _join_at_apostrophes(kinds, characters):
    """An apostrophe between two word characters is one of them: "don't"."""
    letters = ops.equal(kinds, spec.WORD)
    between = ops.logical_and(previous(letters, False), following(letters, False))
    joins = ops.logical_and(ops.equal(characters, spec.APOSTROPHE), between)
    return ops.where(joins, spec.WORD, kinds)


def _positions(values):
    return ops.arange(ops.shape(values)[1], dtype="int32")
