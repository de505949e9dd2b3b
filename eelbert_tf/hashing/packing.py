"""Words to the encoder's sequence: `[CLS] a... [SEP]`, or `[CLS] a... [SEP] b... [SEP]`."""

import collections
import functools

import numpy as np
from keras import ops

from eelbert_tf.hashing import reference
from eelbert_tf.hashing.specification import SPECIAL_TOKENS

PAD, CLS, SEP, MASK = range(len(SPECIAL_TOKENS))

# `tokens`: int32 `(batch, sequence)`, the special token of each place, -1 where a word stands.
# `places`: which word of its text; `segment_ids`: 0 in the first text, 1 in the second.
Layout = collections.namedtuple("Layout", ["tokens", "places", "segment_ids"])


@functools.lru_cache(maxsize=32)
def special_vectors(config):
    """Vectors of `[PAD]` (zeros), `[CLS]`, `[SEP]`, `[MASK]`: float32 `(4, dim)`.

    They are hashed like words, so that nothing but the seed is stored.
    """
    rows = [reference.vector(reference.special_token(name), config) for name in SPECIAL_TOKENS]
    rows[PAD] = [0.0] * config.dim
    return np.array(rows, "float32")


def truncated_counts(counts, pair_counts, max_words):
    """How many words of each text fit into `max_words`; of a pair, the longer gives way."""
    if pair_counts is None:
        return ops.minimum(counts, max_words), None
    half = max_words // 2
    first = ops.minimum(counts, ops.maximum(max_words - pair_counts, max_words - half))
    return first, ops.minimum(pair_counts, max_words - first)


def layout(counts, pair_counts, length):
    """Where words and special tokens stand.

    Args:
        counts: int32 `(batch,)`, words of the first text, truncated.
        pair_counts: the same of the second text, or None.
        length: int or int32 scalar, the length of the sequence.

    Returns:
        A `Layout` of int32 tensors `(batch, length)`.
    """
    place = ops.arange(length, dtype="int32")[None, :] - 1
    first_end = counts[:, None]
    inside_first = ops.logical_and(place >= 0, place < first_end)
    ends = ops.equal(place, first_end)
    if pair_counts is None:
        inside, places = inside_first, place
        # Constant where the batch is: a converter then drops what follows from it.
        segment_ids = ops.zeros((ops.shape(counts)[0], length), "int32")
    else:
        second = place - first_end - 1
        second_end = pair_counts[:, None]
        inside_second = ops.logical_and(second >= 0, second < second_end)
        ends = ops.logical_or(ends, ops.equal(second, second_end))
        inside = ops.logical_or(inside_first, inside_second)
        places = ops.where(inside_second, second, place)
        # Not a cast of the condition: LiteRT's converter folds a comparison with that away, badly.
        segment_ids = ops.where(ops.logical_and(second >= 0, second <= second_end), 1, 0)
    tokens = ops.where(inside, -1, ops.where(ends, SEP, PAD))
    tokens = ops.where(place < 0, CLS, tokens)
    return Layout(tokens, ops.where(inside, places, 0), segment_ids)


def encoder_inputs(table, rows, layout, ngrams=None, dtype="float32"):
    """Gather the vectors of a layout.

    Args:
        table: float32 `(rows, dim)` that begins with the special vectors.
        rows: int32 `(batch, length)`, the row of the word at each place where one stands.
        layout: `Layout` of tensors `(batch, length)`.
        ngrams: int32 `(rows, signatures)`, the signatures of each row's n-grams, or None.

    Returns:
        A dict of `word_vectors` `(batch, length, dim)`, `padding_mask` (bool) and `segment_ids`
        (int32) `(batch, length)`, with n-grams also `ngram_signatures`, int32
        `(batch, length, signatures)`: what `EelbertBackbone` takes.
    """
    index = ops.where(ops.less(layout.tokens, 0), rows, layout.tokens)
    inputs = {
        "word_vectors": ops.cast(ops.take(table, index, axis=0), dtype),
        "padding_mask": ops.not_equal(layout.tokens, PAD),
        "segment_ids": layout.segment_ids,
    }
    if ngrams is not None:
        inputs["ngram_signatures"] = ops.take(ngrams, index, axis=0)
    return inputs
