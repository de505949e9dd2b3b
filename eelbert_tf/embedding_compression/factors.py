"""`Factors`: what is stored instead of a token table."""

import dataclasses

import numpy as np

from eelbert_tf.layers.factorized_embedding import FactorizedEmbedding


@dataclasses.dataclass(frozen=True)
class Factors:
    """A table as `activation(latent) @ kernel + bias`, the weights of a `FactorizedEmbedding`.

    Attributes:
        latent: float32 `(vocabulary, rank)`.
        kernel: float32 `(rank, dim)`, the decoder.
        bias: float32 `(dim,)`, the decoder's.
        activation: str, "linear" or "elu".
    """

    latent: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    activation: str = "linear"

    @property
    def rank(self):
        """Columns of the latent table."""
        return self.latent.shape[1]

    @property
    def weights(self):
        """What `FactorizedEmbedding.set_weights` takes."""
        return [self.latent, self.kernel, self.bias]

    def table(self):
        """The table that they stand for: float32 `(vocabulary, dim)`."""
        layer = FactorizedEmbedding(*self.latent.shape, self.kernel.shape[1], self.activation)
        layer.build()
        layer.set_weights(self.weights)
        return layer.table()


def row_measures(table, other):
    """How near the rows of a table are to those of another.

    Args:
        table, other: float `(vocabulary, dim)`.

    Returns:
        A dict: `cosine_distance`, the mean over rows of 1 - cosine, and `l2`, the mean over rows of
        the squared length of the difference.
    """
    norms = np.linalg.norm(table, axis=1) * np.linalg.norm(other, axis=1)
    cosine = (table * other).sum(axis=1) / np.maximum(norms, 1e-12)
    return {
        "cosine_distance": float(1.0 - cosine.mean()),
        "l2": float(((table - other) ** 2).sum(axis=1).mean()),
    }
