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
    return ops.concatenate(list(_ngram_values(window, config)), axis=-1)


def _ngram_values(window, config):
    """The same, order by order."""
    columns = [signatures(window, order + 1) for order in range(config.orders)]
    return _values(columns, config.dimensions_of_orders, config)


def random_values(word_signatures, config):
    """Values of whole words from the wrapped sum of their trigram signatures."""
    columns = [mix(word_signatures + _int32(half * spec.WHOLE_WORD_STEP)) for half in range(2)]
    return ops.concatenate(list(_values(columns, config.dimensions_of_halves, config)), axis=-1)


def _values(columns, sizes, config):
    multipliers = np.split(np.array(config.multipliers, "int32"), np.cumsum(sizes)[:-1])
    for column, multiplier in zip(columns, multipliers):
        if len(multiplier):
            # Below 2^31 in size and a multiple of 2^8, so exact in float32.
            product = ops.expand_dims(column, -1) * ops.convert_to_tensor(multiplier)
            product = ops.cast(product, "float32")
            yield ops.floor(product * np.float32(2.0 ** (spec.VALUE_BITS - 32)))


def bucket_signatures(segments, first, counts, config):
    """Signatures of the n-grams of words, for a trained table of buckets.

    Args:
        segments: `words.Segments` of tensors `(batch, length)`.
        first, counts: int32 `(batch, words)`, where each word begins and its characters; 0
            characters where there is no word.
        config: `HashConfig` with `bucket_orders`.

    Returns:
        int32 `(batch, words, signatures)`: for each order the signatures at the word's first 12
        characters, 0 behind its last, and last the mixed sum of those of order 3 there. None is
        negative.
    """
    batch, length = ops.shape(segments.characters)
    rows = ops.arange(batch, dtype="int32")[:, None, None] * length
    places = ops.arange(spec.BUCKET_CHARACTERS, dtype="int32")
    inside = ops.less(places, counts[..., None])
    places = ops.where(inside, first[..., None] + places, 0) + rows

    def at_places(order):
        window = windows(segments, (order - 1) // 2, order // 2)
        flat = ops.reshape(signatures(window, order), (batch * length,))
        return ops.where(inside, ops.take(flat, places, axis=0), 0)

    word = ops.sum(at_places(3), axis=-1, keepdims=True)
    word = ops.where(counts[..., None] > 0, mix(word), 0)
    return ops.concatenate([*map(at_places, config.bucket_orders), word], axis=-1)


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
    word = _word_of_character(segments, max_words)
    counts = _sums(ops.ones_like(word), word, max_words)
    if config.kind == "random":
        totals = _sums(signatures(windows(segments, 1, 1), 3), word, max_words)
        sums = ops.where(counts[..., None] > 0, random_values(totals, config), 0.0)
        counts = ops.minimum(counts, 1)
    else:
        window = windows(segments, *window_reach(config))
        # Each order by itself: joining words costs less than joining characters.
        sums = [_sums(values, word, max_words) for values in _ngram_values(window, config)]
        sums = ops.concatenate(sums, axis=-1)
    length = ops.shape(segments.characters)[1]
    scale = ops.take(ops.convert_to_tensor(reciprocals(length)), counts, axis=0)
    return sums * scale[..., None]


def word_bounds(segments, max_words):
    """Where the first words begin, and how many characters they have: int32 `(batch, words)`."""
    word = _word_of_character(segments, max_words)
    places = ops.arange(ops.shape(word)[1], dtype="int32")[None, :]
    first = _sums(ops.where(segments.starts, places, 0), word, max_words)
    return first, _sums(ops.ones_like(word), word, max_words)


def _word_of_character(segments, max_words):
    """The word that each character is part of; `max_words` where it is of none that counts."""
    ends = ops.cast(segments.ends, "int32")
    ended = ops.cumsum(ends, axis=1) - ends
    within = segments.word_index < ops.minimum(segments.word_counts, max_words)[:, None]
    within = ops.logical_and(within, segments.word_index >= ended)
    return ops.where(within, segments.word_index, max_words)


def _sums(values, word, max_words):
    """Sums over each word's characters: `(batch, max_words, ...)`."""
    batch, length = ops.shape(word)
    rows = ops.arange(batch, dtype="int32")[:, None] * (max_words + 1)
    tail = tuple(values.shape[2:])
    sums = ops.scatter(
        ops.reshape(word + rows, (-1, 1)),
        ops.reshape(values, (batch * length, *tail)),
        (batch * (max_words + 1), *tail),
    )
    return ops.reshape(sums, (batch, max_words + 1, *tail))[:, :max_words]


def _int32(number):
    return np.int32(spec.to_int32(number))
