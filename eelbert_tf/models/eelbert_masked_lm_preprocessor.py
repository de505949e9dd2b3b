"""`EelbertMaskedLMPreprocessor`: texts to sequences with masked words and their labels."""

import keras
import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.hashing import packing, reference
from eelbert_tf.layers.serialization import register
from eelbert_tf.models.hash_preprocessor import HashPreprocessor


@register
class EelbertMaskedLMPreprocessor(HashPreprocessor):
    """Hides a share of the words, as BERT does: 80 % `[MASK]`, 10 % another word, 10 % as it is.

    Only words of the vocabulary are hidden, since only they can be labels. The TensorFlow
    backend is needed.

    Args:
        vocabulary: list of str, the words that can be labels, folded as the hash folds them
            (lower case, without accents). With a `tokenizer` it is the tokenizer's.
        mask_rate: float. The share of a text's known words that is hidden, at least one.
        **kwargs: those of `EelbertPreprocessor`.

    Call arguments:
        x: a string tensor `(batch,)`.
        random_seed: int32 tensor `(2,)`; `(0, 0)` unless given.

    Returns:
        `(x, y, sample_weight)`: the backbone's inputs and `mask_positions`, int32
        `(batch, predictions)`; the labels, int32, and 1 or 0 for each.

    Raises:
        UserError: there is no vocabulary.
    """

    def __init__(self, vocabulary=None, mask_rate=0.15, **kwargs):
        super().__init__(**kwargs)
        if self.tokenizer is not None:
            vocabulary = self.tokenizer.get_vocabulary()
        if not vocabulary:
            raise UserError("`vocabulary` must hold at least one word. Received: none.")
        self.vocabulary = list(vocabulary)
        self.mask_rate = mask_rate
        self.predictions = max(1, int(np.ceil(mask_rate * self.max_words)))
        self._label_order = None

    @property
    def is_random(self):
        return True

    def call(self, x, y=None, sample_weight=None, random_seed=None):
        import tensorflow as tf

        seed = tf.zeros([2], tf.int32) if random_seed is None else random_seed
        hashed, rows, layout = self.hashed_sequences(x, random_seed)
        labels = tf.gather(self._labels_of_rows(hashed), rows)
        known = (layout.tokens < 0) & (labels >= 0)
        draws = tf.random.stateless_uniform(tf.shape(rows), seed)
        scores = tf.pad(
            tf.where(known, draws, -1.0), [[0, 0], [0, self.predictions]], "CONSTANT", -1.0
        )
        best, positions = tf.math.top_k(scores, self.predictions)
        known_counts = tf.reduce_sum(tf.cast(known, tf.float32), axis=1, keepdims=True)
        wanted = tf.maximum(tf.round(known_counts * self.mask_rate), 1.0)
        chosen = (best >= 0.0) & (tf.range(self.predictions, dtype=tf.float32)[None, :] < wanted)
        positions = tf.where(chosen, positions, 0)
        targets = tf.where(chosen, tf.gather(labels, positions, batch_dims=1), 0)
        rows = self._hide(rows, positions, chosen, tf.shape(hashed.table)[0], seed)
        x = packing.encoder_inputs(hashed.table, rows, layout, hashed.ngrams)
        x["mask_positions"] = positions
        return keras.utils.pack_x_y_sample_weight(x, targets, tf.cast(chosen, tf.float32))

    def _hide(self, rows, positions, chosen, row_count, seed):
        import tensorflow as tf

        shape = tf.shape(positions)
        way = tf.random.stateless_uniform(shape, seed + 1)
        other = tf.random.stateless_uniform(
            shape, seed + 2, packing.MASK + 1, tf.maximum(row_count, packing.MASK + 2), tf.int32
        )
        other = tf.minimum(other, row_count - 1)
        old = tf.gather(rows, positions, batch_dims=1)
        new = tf.where(way < 0.8, packing.MASK, tf.where(way < 0.9, other, old))
        index = tf.where(chosen)
        places = tf.stack([index[:, 0], tf.cast(tf.boolean_mask(positions, chosen), tf.int64)], 1)
        return tf.tensor_scatter_nd_update(rows, places, tf.boolean_mask(new, chosen))

    def _labels_of_rows(self, hashed):
        """The vocabulary's number of each table row's word, -1 of others."""
        import tensorflow as tf

        if self.tokenizer is not None:
            return hashed.signatures - packing.MASK - 1
        signatures, order = self._sorted_signatures()
        found = tf.searchsorted(tf.constant(signatures), hashed.signatures)
        found = tf.minimum(found, len(signatures) - 1)
        same = tf.equal(tf.gather(tf.constant(signatures), found), hashed.signatures)
        return tf.where(same, tf.gather(tf.constant(order), found), -1)

    def _sorted_signatures(self):
        if self._label_order is None:
            words = [reference.code_points(word) for word in self.vocabulary]
            signatures = np.array([reference.word_signature(word) for word in words], "int32")
            order = np.argsort(signatures, kind="stable").astype("int32")
            self._label_order = signatures[order], order
        return self._label_order

    def get_config(self):
        config = super().get_config()
        vocabulary = None if self.tokenizer is not None else self.vocabulary
        return {**config, "vocabulary": vocabulary, "mask_rate": self.mask_rate}
