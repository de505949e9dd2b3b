"""Flat code points to the encoder's inputs, on any Keras backend: what LiteRT and JAX run."""

import functools

import keras
import numpy as np
from keras import ops

from eelbert_tf.hashing import packing, reference, vectors
from eelbert_tf.hashing.words import segment

# Shorter windows save less time than the compilation of one more shape takes.
_SHORTEST = 32


def to_code_points(texts, length):
    """Code points of texts, cut or padded with zeros to one length.

    Args:
        texts: list of `str` or of UTF-8 `bytes`.
        length: int, the window.

    Returns:
        int32 NumPy array `(len(texts), length)`.
    """
    array = np.zeros((len(texts), length), "int32")
    for row, text in enumerate(texts):
        # A code point takes at most four bytes: a huge text is not decoded to its end.
        points = reference.code_points(text[: 4 * length])[:length]
        array[row, : len(points)] = points
    return array


def code_point_inputs(texts, pairs, length):
    """The inputs of an exported model: `code_points`, of pairs also `code_points_pair`."""
    columns = [texts] if pairs is None else [texts, pairs]
    names = ("code_points", "code_points_pair")
    return {name: to_code_points(column, length) for name, column in zip(names, columns)}


def hash_code_points(code_points, config, max_words):
    """Vectors of the first words of each text.

    Args:
        code_points: int32 tensor `(batch, length)`, zeros after the end of a text.
        config: `HashConfig`.
        max_words: int.

    Returns:
        `(word_vectors, ngrams, counts)`: float32 `(batch, max_words, dim)`; int32
        `(batch, max_words, signatures)` of `vectors.bucket_signatures`, None where the config has
        no `bucket_orders`; int32 `(batch,)`.
    """
    segments = segment(code_points)
    counts = ops.minimum(segments.word_counts, max_words)
    ngrams = None
    if config.bucket_orders:
        bounds = vectors.word_bounds(segments, max_words)
        ngrams = vectors.bucket_signatures(segments, *bounds, config)
    return vectors.pool(segments, config, max_words), ngrams, counts


def encoder_inputs(code_points, code_points_pair, config, max_words):
    """What `EelbertBackbone` takes, from the code points of texts or of pairs (else None)."""
    special = packing.special_vectors(config)
    first, ngrams, counts = hash_code_points(code_points, config, max_words)
    batch = ops.shape(first)[0]
    tables, ngram_tables, pair_counts = [first], [ngrams], None
    if code_points_pair is not None:
        second, ngrams, pair_counts = hash_code_points(code_points_pair, config, max_words)
        tables.append(second)
        ngram_tables.append(ngrams)

    def rows_of(special, parts):
        width = special.shape[1]
        rows = [ops.reshape(part, (batch * max_words, width)) for part in parts]
        return ops.concatenate([ops.convert_to_tensor(special), *rows], axis=0)

    counts, pair_counts = packing.truncated_counts(counts, pair_counts, max_words)
    length = max_words + (2 if code_points_pair is None else 3)
    layout = packing.layout(counts, pair_counts, length)
    text_offset = ops.arange(batch, dtype="int32")[:, None] * max_words
    pair_offset = layout.segment_ids * (batch * max_words)
    rows = packing.MASK + 1 + text_offset + pair_offset + layout.places
    ngram_table = None
    if config.bucket_orders:
        no_signatures = np.zeros((len(special), config.signatures_of_word), "int32")
        ngram_table = rows_of(no_signatures, ngram_tables)
    return packing.encoder_inputs(rows_of(special, tables), rows, layout, ngram_table)


def hash_texts(texts, pairs, config, max_words, max_characters):
    """What `EelbertBackbone` takes, from texts, outside of any graph.

    Sequences are as long as the longest, rounded up to a power of two, so that JAX compiles a
    model for few shapes.

    Args:
        texts: list or array of `str` or of UTF-8 `bytes`.
        pairs: as many, or None.
        config: `HashConfig`.
        max_words: int.
        max_characters: int.

    Returns:
        A dict of NumPy arrays: `word_vectors`, float32 `(batch, sequence, dim)`, `padding_mask`
        (bool) and `segment_ids` (int32) `(batch, sequence)`.
    """
    columns = [texts] if pairs is None else [texts, pairs]
    longest = max((len(text) for column in columns for text in column), default=0)
    # Longer than the longest text: one that fills its window might go on behind it.
    length = min(max_characters, _power_of_two(longest + 1))
    points = [to_code_points(column, length) for column in columns]
    inputs = _compiled()(points[0], None if pairs is None else points[1], config, max_words)
    inputs = {name: ops.convert_to_numpy(tensor) for name, tensor in inputs.items()}
    longest = inputs["padding_mask"].sum(axis=1).max(initial=0)
    return {name: array[:, : _power_of_two(int(longest))] for name, array in inputs.items()}


@functools.cache
def _compiled():
    """`encoder_inputs`, on JAX compiled once for each shape: its single operations are slow."""
    if keras.config.backend() != "jax":
        return encoder_inputs
    import jax

    return jax.jit(encoder_inputs, static_argnums=(2, 3))


def _power_of_two(length):
    """The least power of two that is not below a length, at least `_SHORTEST`."""
    return max(_SHORTEST, 1 << (length - 1).bit_length())
