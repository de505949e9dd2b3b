"""`DecomposedDense`: a dense layer whose kernel is stored and applied in factors."""

import keras
from keras import ops

from eelbert_tf.layers.serialization import register
from eelbert_tf.layers.shared_factors import left_kernel, right_kernel, squares


@register
class DecomposedDense(keras.layers.Layer):
    """A dense layer of H x H matrices, each `U S V`, which are never multiplied out.

    The matrices stand side by side (`output_pieces`) or below each other (`input_pieces`), so
    that a layer of H to 4H or 4H to H is one, too (Ren et al., 2022, arXiv 2205.10036). The order
    is `((x U) S) V`: pieces of the input are added in the width of the rank, and what a converter
    can compute beforehand is no larger than the factors.

    Args:
        rank: int. Width r between the factors.
        input_pieces: int. Matrices below each other.
        output_pieces: int. Matrices side by side; one of both is 1.
        shared: `SharedFactors`, or None where each matrix has factors of its own (protocol II).
        activation: as in `keras.layers.Dense`.

    Call arguments:
        x: `(..., input_pieces * H)`.
        attention_mask: `(batch, 1 or sequence, sequence)`, or None; see `SharedFactors.mixed`.

    Returns:
        `(..., output_pieces * H)`.

    Example:

    >>> import numpy as np
    >>> DecomposedDense(rank=2, output_pieces=4)(np.zeros((1, 3, 8))).shape
    TensorShape([1, 3, 32])
    """

    def __init__(
        self, rank, input_pieces=1, output_pieces=1, shared=None, activation=None, **kwargs
    ):
        super().__init__(**kwargs)
        self.rank = rank
        self.input_pieces = input_pieces
        self.output_pieces = output_pieces
        self.shared = shared
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.hidden_dim = input_shape[-1] // self.input_pieces
        pieces = range(self.input_pieces * self.output_pieces)
        square = squares(self.hidden_dim, self.rank)
        if self.shared is None:
            self.left_kernels = [
                left_kernel(self, self.hidden_dim, self.rank, f"{j}_left_kernel") for j in pieces
            ]
            self.square_kernels = [
                self.add_weight(
                    shape=(self.rank, self.rank), initializer=square, name=f"{j}_square_kernel"
                )
                for j in pieces
            ]
            self.right_kernels = [
                right_kernel(self, self.hidden_dim, self.rank, f"{j}_right_kernel") for j in pieces
            ]
        elif self.shared.bank is None:
            self.square_kernel = self.add_weight(
                shape=(self.input_pieces * self.rank, self.output_pieces * self.rank),
                initializer=square,
                name="square_kernel",
            )
        else:
            bank = self.shared.bank_size
            self.shares = self.add_weight(
                shape=(len(pieces), bank),
                initializer=keras.initializers.RandomNormal(stddev=bank**-0.5),
                name="shares",
            )
        self.bias = self.add_weight(
            shape=(self.output_pieces * self.hidden_dim,), initializer="zeros", name="bias"
        )

    def call(self, x, attention_mask=None):
        x = self._apart(x) if self.shared is None else self._shared(x, attention_mask)
        return self.activation(x + self.bias)

    def _apart(self, x):
        """Protocol II: a product for each matrix."""
        inputs = ops.split(x, self.input_pieces, axis=-1) * self.output_pieces
        factors = zip(self.left_kernels, self.square_kernels, self.right_kernels)
        outputs = [
            ((x @ left) @ square) @ right for x, (left, square, right) in zip(inputs, factors)
        ]
        return ops.concatenate(outputs, axis=-1) if self.output_pieces > 1 else sum(outputs)

    def _shared(self, x, attention_mask):
        """Protocols III and IV: one product for each factor."""
        lead = (-1, *x.shape[1:-1]) if None not in x.shape[1:-1] else ops.shape(x)[:-1]
        if self.input_pieces > 1:
            x = ops.reshape(x, (*lead, self.input_pieces, self.hidden_dim))
        x = ops.matmul(x, self.shared.left_kernel)  # (..., input_pieces, rank)
        if self.input_pieces > 1:
            x = ops.reshape(x, (*lead, self.input_pieces * self.rank))
        x = ops.matmul(x, self._squares(attention_mask))  # (..., output_pieces * rank)
        if self.output_pieces > 1:
            x = ops.reshape(x, (*lead, self.output_pieces, self.rank))
        x = ops.matmul(x, self.shared.right_kernel)  # (..., output_pieces, H)
        if self.output_pieces > 1:
            x = ops.reshape(x, (*lead, self.output_pieces * self.hidden_dim))
        return x

    def _squares(self, attention_mask):
        """`(input_pieces * rank, output_pieces * rank)`."""
        if self.shared.bank is None:
            return self.square_kernel
        mixed = self.shared.mixed(self.shares, attention_mask)  # (pieces, rank, rank)
        if self.output_pieces > 1:
            mixed = ops.transpose(mixed, (1, 0, 2))
        return ops.reshape(mixed, (self.input_pieces * self.rank, self.output_pieces * self.rank))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.output_pieces * (input_shape[-1] // self.input_pieces))

    def get_config(self):
        return {
            **super().get_config(),
            "rank": self.rank,
            "input_pieces": self.input_pieces,
            "output_pieces": self.output_pieces,
            "shared": keras.saving.serialize_keras_object(self.shared),
            "activation": keras.activations.serialize(self.activation),
        }

    @classmethod
    def from_config(cls, config):
        shared = keras.saving.deserialize_keras_object(config["shared"])
        return cls(**{**config, "shared": shared})
