"""UTF-8 to code points by integer operations, `keras.ops` only: for runtimes that give bytes."""

from keras import ops

from eelbert_tf.hashing.words import following, previous

_HIGH, _LOW, _BEHIND = 0xD800, 0xDC00, 0xE000  # surrogates, and what follows them
_SURROGATE_BYTES = 3
_LONGEST = 2 * _SURROGATE_BYTES


def bytes_of(characters):
    """The most bytes that characters take, those of Java included."""
    return _LONGEST * characters


def decode_utf8(codes, length):
    """Code points of the first characters of each text.

    Java, and so Android, writes a character beyond U+FFFF as two surrogates of three bytes each:
    they are read as the one character. Other malformed input gives some characters, no error.

    Args:
        codes: int32 tensor `(batch, bytes)`, zeros after the end of a text.
        length: int.

    Returns:
        int32 tensor `(batch, length)`, zeros after the end of a text.

    Example:

    >>> decode_utf8(np.array([[0xC3, 0xA9, 0x21, 0]], "int32"), 3)
    [[0xE9, 0x21, 0]]
    """
    points = _decode(codes)
    high = ops.logical_and(ops.greater_equal(points, _HIGH), ops.less(points, _LOW))
    low = ops.logical_and(ops.greater_equal(points, _LOW), ops.less(points, _BEHIND))
    pairs = ops.logical_and(high, _shift(following, low, False))
    joined = (points - _HIGH) * 0x400 + _shift(following, points, 0) - _LOW + 0x10000
    starts = ops.logical_or(
        ops.logical_and(ops.greater(codes, 0), ops.less(codes, 0x80)),
        ops.greater_equal(codes, 0xC0),
    )
    starts = ops.logical_and(starts, ops.logical_not(_shift(previous, pairs, False)))
    return _pack(ops.where(pairs, joined, points), starts, length)


def _decode(codes):
    """The code point that begins at each byte; of a byte within a character, some number."""
    second = following(codes, 0x80)
    third = following(second, 0x80)
    fourth = following(third, 0x80)
    second, third, fourth = second - 0x80, third - 0x80, fourth - 0x80
    two = (codes - 0xC0) * 0x40 + second
    three = ((codes - 0xE0) * 0x40 + second) * 0x40 + third
    four = (((codes - 0xF0) * 0x40 + second) * 0x40 + third) * 0x40 + fourth
    points = ops.where(ops.less(codes, 0xF0), three, four)
    points = ops.where(ops.less(codes, 0xE0), two, points)
    return ops.where(ops.less(codes, 0x80), codes, points)


def _shift(move, values, fill):
    """`values` moved by as many places as a surrogate has bytes."""
    for _ in range(_SURROGATE_BYTES):
        values = move(values, fill)
    return values


def _pack(points, starts, length):
    """The points at `starts`, moved to the left, zeros behind them."""
    batch = ops.shape(points)[0]
    places = ops.cumsum(ops.cast(starts, "int32"), axis=1) - 1
    # All else goes to one place behind the end, which is then cut off.
    places = ops.where(starts, ops.minimum(places, length), length)
    places = places + ops.arange(batch, dtype="int32")[:, None] * (length + 1)
    packed = ops.scatter(
        ops.reshape(places, (-1, 1)), ops.reshape(points, (-1,)), (batch * (length + 1),)
    )
    return ops.slice(ops.reshape(packed, (batch, length + 1)), (0, 0), (batch, length))
