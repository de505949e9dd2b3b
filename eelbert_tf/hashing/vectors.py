"""Words to vectors: n-gram signatures, values, pooling. `keras.ops` only; see `docs/hash.md`.

Every step is exact, in int32 that wraps around or in float32 that holds integers below 2^24, but
the last, which rounds once: so all engines give the same bits.
"""

import numpy as np
from keras import ops

from eelbert_tf.hashing import specification as spec
from eelbert_tf.hashing.words import windows


def window_reach(config):
    """How many characters before and after each one its windows read: `(before, after)`."""
    return (config.orders - 1) // 2, config.orders // 2


def mix(numbers):
    """Mix int32 numbers: the low 24 bits, which count, depend on all. Shifts keep the sign."""
    first, second, third = spec.MIX_SHIFTS
    numbers = ops.bitwise_xor(numbers, ops.right_shift(numbers, first))
    numbers = numbers * _int32(spec.MIX_MULTIPLIERS[0])
    numbers = ops.bitwise_xor(numbers, ops.right_shift(numbers, second))
    numbers = numbers * _int32(spec.MIX_MULTIPLIERS[1])
    return ops.bitwise_xor(numbers, ops.right_shift(numbers, third))


def signatures(window, order):
    """Signatures of the n-grams of one order.

    Args:
        window: list of int32 tensors of one shape, the characters of the widest windows.
        order: int. How many of the window's characters, those in the middle, make the n-gram.

    Returns:
        int32 tensor of the shape of the window's tensors.
    """
    start = (len(window) - 1) // 2 - (order - 1) // 2
    number = window[start] + _int32(order * spec.POLYNOMIAL_BASE)
    for characters in window[start + 1 : start + order]:
        number = number * _int32(spec.POLYNOMIAL_BASE) + characters
    return mix(number)


def ngram_values(window, config):
    """Values of all n-grams at each window: float32 `(..., dim)`, integers in [-2048, 2047]."""
    columns = [signatures(window, order + 1) for order in range(config.orders)]
    return _values(columns, config.dimensions_of_orders, config)


def random_values(word_signatures, config):
    """Values of whole words from the wrapped sum of their trigram signatures."""
    columns = [mix(word_signatures + _int32(half * spec.WHOLE_WORD_STEP)) for half in range(2)]
    return _values(columns, config.dimensions_of_halves, config)


def _values(columns, sizes, config):
    multipliers = np.split(np.array(config.multipliers, "int32"), np.cumsum(sizes)[:-1])
    # A dimension's product: below 2^31 in size and a multiple of 2^8, so exact in float32.
    products = [
        ops.expand_dims(column, -1) * ops.convert_to_tensor(multiplier)
        for column, multiplier in zip(columns, multipliers)
        if len(multiplier)
    ]
    products = ops.cast(ops.concatenate(products, axis=-1), "float32")
    return ops.floor(products * np.float32(2.0 ** (spec.VALUE_BITS - 32)))


def reciprocals(length):
    """float32 `(length + 1,)`: 1 / (2048 * count) for each count, 0 for the count 0.

    A product with a rounded constant is the same everywhere; a division is not.
    """
    counts = np.arange(length + 1, dtype="float64")
    counts[0] = np.inf
    return (1.0 / (spec.VALUE_SCALE * counts)).astype("float32")


def pool(segments, config, max_words):
    """The vectors of the first words of each text.

    Args:
        segments: `words.Segments` of tensors `(batch, length)`.
        config: `HashConfig`.
        max_words: int. Words behind these are left out.

    Returns:
        float32 `(batch, max_words, dim)`, zeros behind the last word.
    """
    batch, length = ops.shape(segments.characters)
    first, behind = _bounds(segments, max_words)
    counts = behind - first
    if config.kind == "random":
        window = windows(segments, 1, 1)
        totals = _difference(ops.expand_dims(signatures(window, 3), -1), first, behind)[..., 0]
        sums = ops.where(counts[..., None] > 0, random_values(totals, config), 0.0)
        counts = ops.minimum(counts, 1)
    else:
        window = windows(segments, *window_reach(config))
        sums = _difference(ngram_values(window, config), first, behind)
    scale = ops.take(ops.convert_to_tensor(reciprocals(length)), counts, axis=0)
    return sums * scale[..., None]


def _bounds(segments, max_words):
    """Where each word begins, and the place behind its end: int32 `(batch, max_words)`."""
    batch, length = ops.shape(segments.characters)
    within = segments.word_index < ops.minimum(segments.word_counts, max_words)[:, None]
    rows = ops.arange(batch, dtype="int32")[:, None] * (max_words + 1)
    places = ops.arange(length, dtype="int32")[None, :]

    def scattered(marks, values):
        target = ops.where(ops.logical_and(marks, within), segments.word_index, max_words)
        flat = ops.scatter(
            ops.reshape(target + rows, (-1, 1)),
            ops.reshape(ops.where(ops.logical_and(marks, within), values, 0), (-1,)),
            (batch * (max_words + 1),),
        )
        return ops.reshape(flat, (batch, max_words + 1))[:, :max_words]

    return scattered(segments.starts, places), scattered(segments.ends, places + 1)


def _difference(values, first, behind):
    """Sums over each word, as differences of running sums: linear in the text's length."""
    batch, length, dim = ops.shape(values)
    running = ops.cumsum(values, axis=1)
    running = ops.concatenate([ops.zeros_like(running[:, :1]), running], axis=1)
    running = ops.reshape(running, (batch * (length + 1), dim))
    rows = ops.arange(batch, dtype="int32")[:, None] * (length + 1)
    return ops.take(running, behind + rows, axis=0) - ops.take(running, first + rows, axis=0)


def _int32(number):
    return np.int32(spec.to_int32(number))
