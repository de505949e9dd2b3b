"""`SharedFactors`: what all matrices of a decomposed encoder have in common."""

import keras
from keras import ops

from eelbert_tf.layers.serialization import register


@register
class SharedFactors(keras.layers.Layer):
    """The factors U and V of every matrix `U S_j V`, and the bank that the `S_j` are mixed of.

    It computes nothing: layers of a decomposed encoder hold it, and its weights are saved once.

    Args:
        hidden_dim: int. Width H of the encoder.
        rank: int. Width r between the factors.
        bank: int or None. Squares in the bank (protocol IV); None where each matrix has a square
            of its own (protocol III).

    Attributes:
        left_kernel: `(hidden_dim, rank)`, U.
        right_kernel: `(rank, hidden_dim)`, V.
        bank: `(bank, rank, rank)`, or None.

    Example:

    >>> SharedFactors(8, rank=2, bank=3).count_params()
    44
    """

    def __init__(self, hidden_dim, rank, bank=None, **kwargs):
        super().__init__(**kwargs)
        self.hidden_dim = hidden_dim
        self.rank = rank
        self.bank_size = bank
        self.left_kernel = left_kernel(self, hidden_dim, rank)
        self.right_kernel = right_kernel(self, hidden_dim, rank)
        self.bank = None
        if bank is not None:
            self.bank = self.add_weight(
                shape=(bank, rank, rank), initializer=squares(hidden_dim, rank), name="bank"
            )
        self.built = True

    def mixed(self, shares, attention_mask=None):
        """Squares that are sums over the bank.

        Args:
            shares: `(matrices, bank)`.
            attention_mask: `(batch, 1 or sequence, sequence)` or None.

        Returns:
            `(matrices, rank, rank)`.
        """
        bank = ops.convert_to_tensor(self.bank)
        if attention_mask is not None:
            # A 0 that no converter knows before the model runs: what is constant it would compute
            # at once, and write all squares into the file in the place of the bank.
            bank = bank + ops.relu(-ops.relu(ops.cast(attention_mask[0, 0, 0], bank.dtype)))
        mixed = ops.matmul(shares, ops.reshape(bank, (self.bank_size, self.rank**2)))
        return ops.reshape(mixed, (-1, self.rank, self.rank))

    def get_config(self):
        return {
            **super().get_config(),
            "hidden_dim": self.hidden_dim,
            "rank": self.rank,
            "bank": self.bank_size,
        }


def left_kernel(layer, hidden_dim, rank, name="left_kernel"):
    """Add a factor U to a layer."""
    return layer.add_weight(shape=(hidden_dim, rank), initializer=_sides(hidden_dim), name=name)


def right_kernel(layer, hidden_dim, rank, name="right_kernel"):
    """Add a factor V to a layer."""
    return layer.add_weight(shape=(rank, hidden_dim), initializer=_sides(hidden_dim), name=name)


def _sides(hidden_dim):
    """Vectors of length 1, or near; exactly orthogonal ones have no kernels in bfloat16."""
    return keras.initializers.RandomNormal(stddev=hidden_dim**-0.5)


def squares(hidden_dim, rank):
    """The initializer by which products `U S V` are as large as BERT's matrices at first."""
    return keras.initializers.TruncatedNormal(stddev=0.02 * hidden_dim / rank)
