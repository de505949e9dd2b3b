"""Truncated SVD of a token table: of all tables of its rank, the nearest by L2."""

import numpy as np

from eelbert_tf.embedding_compression.factors import Factors


def svd_factors(table, rank):
    """The best factors of a rank by L2 (Eckart and Young, 1936).

    The latent table is U S, the decoder V; its bias is 0 and may learn in fine-tuning, as an
    autoencoder's.

    Args:
        table: float `(vocabulary, dim)`.
        rank: int.

    Returns:
        `Factors`.

    Example:

    >>> svd_factors(np.diag([3.0, 2.0, 1.0]), 2).table().round(3).diagonal()
    array([3., 2., 0.], dtype=float32)
    """
    # V of a tall table: the eigenvectors of its Gram matrix, in float64 and without U.
    table = np.asarray(table, "float64")
    _, directions = np.linalg.eigh(table.T @ table)
    kernel = directions[:, ::-1][:, :rank].T
    return Factors(
        (table @ kernel.T).astype("float32"),
        np.ascontiguousarray(kernel, "float32"),
        np.zeros(table.shape[1], "float32"),
    )
