"""`FactorizedEmbedding`: a token table as a narrow table and a decoder."""

import keras
from keras import ops

from eelbert_tf.layers.serialization import register

ACTIVATIONS = ("linear", "elu")


@register
class FactorizedEmbedding(keras.layers.Layer):
    """Rows of a narrow table, brought to the encoder's width by a decoder.

    It stands where KerasHub's `ReversibleEmbedding` stood: V x k + k x D + D numbers in place of
    V x D ("Direction is what you need", Balazy et al., 2021, arXiv 2106.08181).

    Args:
        input_dim: int. Rows, V.
        rank: int. Width of the table, k.
        output_dim: int. Width of the vectors, D.
        activation: `"linear"`, or `"elu"` between table and decoder.

    Call arguments:
        inputs: int `(batch, sequence)`; with `reverse`, float `(..., output_dim)`.
        reverse: bool. Whether to give the products of vectors with all rows instead, as the output
            of a masked LM.

    Returns:
        `(batch, sequence, output_dim)`; with `reverse`, `(..., input_dim)`.

    Example:

    >>> FactorizedEmbedding(100, rank=4, output_dim=16)(np.zeros((2, 3), "int32")).shape
    TensorShape([2, 3, 16])
    """

    def __init__(self, input_dim, rank, output_dim, activation="linear", **kwargs):
        super().__init__(**kwargs)
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"`activation` must be one of {', '.join(ACTIVATIONS)}. "
                f"Received: activation={activation!r}."
            )
        self.input_dim, self.rank, self.output_dim = input_dim, rank, output_dim
        self.activation = activation

    def build(self, input_shape=None):
        normal = keras.initializers.TruncatedNormal(stddev=0.02)
        self.embeddings = self.add_weight(
            name="embeddings", shape=(self.input_dim, self.rank), initializer=normal
        )
        self.kernel = self.add_weight(name="kernel", shape=(self.rank, self.output_dim))
        self.bias = self.add_weight(name="bias", shape=(self.output_dim,), initializer="zeros")
        self.built = True

    def call(self, inputs, reverse=False):
        kernel = ops.cast(self.kernel, self.compute_dtype)
        bias = ops.cast(self.bias, self.compute_dtype)
        if not reverse:
            rows = ops.take(self.embeddings, inputs, axis=0)
            return ops.matmul(self._activated(rows), kernel) + bias
        narrow = ops.matmul(inputs, ops.transpose(kernel))
        products = ops.matmul(narrow, ops.transpose(self._activated(self.embeddings)))
        return products + ops.matmul(inputs, bias[:, None])

    def table(self):
        """All vectors, float32 `(input_dim, output_dim)`, NumPy."""
        rows = ops.convert_to_numpy(self._activated(self.embeddings)).astype("float32")
        return rows @ ops.convert_to_numpy(self.kernel) + ops.convert_to_numpy(self.bias)

    def _activated(self, rows):
        rows = ops.cast(rows, self.compute_dtype)
        return ops.elu(rows) if self.activation == "elu" else rows

    def compute_output_spec(self, inputs, reverse=False):
        if reverse:
            return keras.KerasTensor((*inputs.shape[:-1], self.input_dim), self.compute_dtype)
        return keras.KerasTensor((*inputs.shape, self.output_dim), self.compute_dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "rank": self.rank,
            "output_dim": self.output_dim,
            "activation": self.activation,
        }
