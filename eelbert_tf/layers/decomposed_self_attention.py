"""`DecomposedSelfAttention`: multi-head attention whose matrices are in factors."""

import keras
from keras import ops

from eelbert_tf.layers.decomposed_dense import DecomposedDense
from eelbert_tf.layers.serialization import register


@register
class DecomposedSelfAttention(keras.layers.Layer):
    """What `keras.layers.MultiHeadAttention` computes of one sequence, its matrices in factors.

    Args:
        num_heads: int.
        rank: int. Width between the factors.
        shared: `SharedFactors` or None, as in `DecomposedDense`.
        dropout: float, of attention.

    Call arguments:
        query, value: the sequence, `(batch, sequence, H)`, twice, as Keras's layer has it.
        attention_mask: `(batch, 1 or sequence, sequence)` or None.
        return_attention_scores: bool. Whether to return `(output, probabilities)`.

    Example:

    >>> import numpy as np
    >>> x = np.zeros((1, 3, 8))
    >>> DecomposedSelfAttention(num_heads=2, rank=2)(x, x).shape
    TensorShape([1, 3, 8])
    """

    def __init__(self, num_heads, rank, shared=None, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.rank = rank
        self.shared = shared
        self.dropout = dropout

    def build(self, query_shape, value_shape=None):
        settings = {"rank": self.rank, "shared": self.shared, "dtype": self.dtype_policy}
        self.query_key_value = DecomposedDense(output_pieces=3, name="query_key_value", **settings)
        self.query_key_value.build(query_shape)
        self.output_dense = DecomposedDense(name="attention_output", **settings)
        self.output_dense.build(query_shape)
        self.softmax = keras.layers.Softmax(dtype=self.dtype_policy, name="softmax")
        self.attention_dropout = keras.layers.Dropout(
            self.dropout, dtype=self.dtype_policy, name="attention_dropout"
        )

    def call(self, query, value, attention_mask=None, training=None, return_attention_scores=False):
        queries, keys, values = self._heads(query, attention_mask)
        mask = None
        if attention_mask is not None:
            mask = ops.cast(ops.expand_dims(attention_mask, 1), "bool")
        scores = self._scores(queries, keys)
        probabilities = self.softmax(scores, mask=mask)
        dropped = self.attention_dropout(probabilities, training=training)
        x = ops.transpose(ops.matmul(dropped, values), (0, 2, 1, 3))
        x = ops.reshape(x, (-1, ops.shape(query)[1], query.shape[-1]))
        x = self.output_dense(x, attention_mask)
        return (x, probabilities) if return_attention_scores else x

    def attention_scores(self, x):
        """Scores before the softmax and its mask, `(batch, heads, from, to)`."""
        queries, keys, _ = self._heads(x, None)
        return self._scores(queries, keys)

    def _heads(self, x, attention_mask):
        """Queries, keys and values, each `(batch, heads, sequence, H / heads)`."""
        x = self.query_key_value(x, attention_mask)
        width = x.shape[-1] // (3 * self.num_heads)
        x = ops.reshape(x, (-1, ops.shape(x)[1], 3 * self.num_heads, width))
        # Four axes, and no slices: LiteRT takes twice as long for slices of five.
        return ops.split(ops.transpose(x, (0, 2, 1, 3)), 3, axis=1)

    def _scores(self, queries, keys):
        scale = queries.shape[-1] ** -0.5
        return ops.matmul(queries * scale, ops.transpose(keys, (0, 1, 3, 2)))

    def compute_output_shape(self, query_shape, value_shape=None):
        return query_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "rank": self.rank,
            "shared": keras.saving.serialize_keras_object(self.shared),
            "dropout": self.dropout,
        }

    @classmethod
    def from_config(cls, config):
        shared = keras.saving.deserialize_keras_object(config["shared"])
        return cls(**{**config, "shared": shared})
