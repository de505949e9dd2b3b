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
    letters = _flag(ops.equal(kinds, spec.WORD))
    joins = _joining_apostrophes(letters, characters)
    letters = letters + joins
    solo = _flag(ops.equal(kinds, spec.SOLO)) - joins
    starts = solo + letters * (1 - previous(letters, 0))
    ends = solo + letters * (1 - following(letters, 0))
    word_index = ops.cumsum(starts, axis=1) - 1
    # The last kept character of a full window: its word may go on behind it.
    last = ops.equal(ops.expand_dims(_positions(kinds), 0), kept_counts[:, None] - 1)
    cut = ops.max(_flag(last) * letters, axis=1)
    word_counts = word_index[:, -1] + 1 - cut
    return Segments(characters, starts > 0, ends > 0, word_index, word_counts)


def _flag(condition):
    """bool to int32 of 0 and 1: LiteRT multiplies these faster than it joins conditions."""
    return ops.cast(condition, "int32")


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
    code_points = ops.where(code_points < 0x110000, code_points, spec.REPLACEMENT)
    code_points = ops.where(code_points < 0, spec.REPLACEMENT, code_points)
    surrogate = ops.equal(ops.right_shift(code_points - 0xD800, 11), 0)
    code_points = ops.where(surrogate, spec.REPLACEMENT, code_points)
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


def _joining_apostrophes(letters, characters):
    """Flags of the apostrophes between two letters, which count as letters: "don't"."""
    between = previous(letters, 0) * following(letters, 0)
    return _flag(ops.equal(characters, spec.APOSTROPHE)) * between


def _positions(values):
    return ops.arange(ops.shape(values)[1], dtype="int32")
