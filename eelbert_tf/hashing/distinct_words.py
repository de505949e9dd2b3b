"""Given words to vectors, each distinct n-gram once: for vocabularies and corpora."""

import numpy as np
from keras import ops

from eelbert_tf.hashing import reference, vectors
from eelbert_tf.hashing import specification as spec

# Distinct n-grams whose values are held at once.
_TOGETHER = 65_536
_CODE_POINTS = 2**21


def hash_words(words, config):
    """Vectors of given words, whatever characters they hold: no splitting, no lower-casing.

    Args:
        words: list of `str`, none of them empty.
        config: `HashConfig`.

    Returns:
        float32 NumPy array `(len(words), dim)`.
    """
    import scipy.sparse

    if not words:
        return np.zeros((0, config.dim), "float32")
    lengths = np.array([len(word) for word in words])
    if config.kind == "random":
        sums = ops.convert_to_numpy(vectors.random_values(word_signatures(words), config))
        return sums * vectors.reciprocals(1)[1]
    window = _windows(words, lengths, *vectors.window_reach(config))
    distinct, index = _distinct(window)
    sums = np.zeros((len(words), config.dim), "float32")
    ends = np.concatenate([[0], np.cumsum(lengths)])
    for start in range(0, distinct.shape[1], _TOGETHER):
        columns = distinct[:, start : start + _TOGETHER]
        values = ops.convert_to_numpy(vectors.ngram_values(list(columns), config))
        here = (index >= start) & (index < start + _TOGETHER)
        rows = np.concatenate([[0], np.cumsum(here)])[ends]
        matrix = scipy.sparse.csr_matrix(
            (np.ones(here.sum(), "float32"), index[here] - start, rows),
            shape=(len(words), len(values)),
        )
        # Sums of whole numbers below 2^24: exact in any order.
        sums += matrix @ values
    return sums * vectors.reciprocals(lengths.max())[lengths][:, None]


def bucket_signatures(words, config):
    """What `vectors.bucket_signatures` gives of words: int32 NumPy `(len(words), signatures)`."""
    lengths = np.array([len(word) for word in words])
    first = (np.cumsum(lengths) - lengths)[:, None]
    places = np.arange(spec.BUCKET_CHARACTERS)[None, :]
    inside = places < lengths[:, None]
    places = np.where(inside, first + places, 0)

    def at_places(order):
        window = list(_windows(words, lengths, (order - 1) // 2, order // 2))
        return np.where(inside, ops.convert_to_numpy(vectors.signatures(window, order))[places], 0)

    word = at_places(3).sum(axis=1, keepdims=True, dtype="int32")
    columns = [*map(at_places, config.bucket_orders), ops.convert_to_numpy(vectors.mix(word))]
    return np.concatenate(columns, axis=1).astype("int32")


def _distinct(window):
    """The distinct columns of windows, and which of them stands at each place."""
    index = np.zeros(window.shape[1], "int64")
    for start in range(0, len(window), 2):  # a key is one integer: few sorts
        key = index
        for characters in window[start : start + 2]:
            key = key * _CODE_POINTS + characters
        _, index = np.unique(key, return_inverse=True)
    place = np.empty(index.max() + 1, "int64")
    place[index] = np.arange(len(index))
    return window[:, place], index


def word_signatures(words):
    """The signature of each word as a whole: int32 NumPy array `(len(words),)`."""
    lengths = np.array([len(word) for word in words])
    signatures = ops.convert_to_numpy(vectors.signatures(list(_windows(words, lengths, 1, 1)), 3))
    return np.add.reduceat(signatures, np.cumsum(lengths) - lengths, dtype="int32")


def _windows(words, lengths, before, after):
    """The characters around each character of all words: int32 `(before + 1 + after, total)`."""
    flat = np.array(reference.code_points("".join(words)), "int32")
    behind = np.repeat(np.cumsum(lengths), lengths)
    first = np.repeat(np.cumsum(lengths) - lengths, lengths)
    places = np.arange(len(flat))
    columns = []
    for offset in range(-before, after + 1):
        place = places + offset
        column = flat[np.clip(place, 0, len(flat) - 1)]
        column = np.where(place < first, spec.START_MARK, column)
        columns.append(np.where(place >= behind, spec.END_MARK, column))
    return np.stack(columns).astype("int32")
