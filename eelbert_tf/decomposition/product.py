"""From matrices to the factors of a protocol, by tensorly's Tucker decomposition."""

import dataclasses

import numpy as np

from eelbert_tf.errors import UserError

# Of orthogonal iteration; it ends before where nothing is gained.
_ITERATIONS = 50
_TOLERANCE = 1e-5


@dataclasses.dataclass(frozen=True)
class Product:
    """Factors whose products are near some matrices, `(matrices, H, H)`.

    Attributes:
        left: float32 `(H, rank)`, U; `(matrices, H, rank)` by protocol II.
        right: float32 `(rank, H)`, V; `(matrices, rank, H)` by protocol II.
        squares: float32 `(matrices, rank, rank)`, the S_j; None by protocol IV.
        bank: float32 `(bank, rank, rank)`, the C_i of protocol IV, else None.
        shares: float32 `(matrices, bank)`, P of protocol IV, else None.
    """

    left: np.ndarray
    right: np.ndarray
    squares: np.ndarray | None = None
    bank: np.ndarray | None = None
    shares: np.ndarray | None = None

    def matrices(self):
        """The matrices multiplied out, to compare with those that were decomposed."""
        squares = self.squares
        if squares is None:
            squares = np.einsum("ji,irs->jrs", self.shares, self.bank)
        return self.left @ squares @ self.right


def decomposed(matrices, factors, seed=0):
    """Decompose matrices.

    Protocol II takes the singular value decomposition of each; III and IV a Tucker decomposition
    of all, of two and of three modes, by higher-order orthogonal iteration.

    Args:
        matrices: float `(matrices, H, H)`.
        factors: `EncoderFactors`.
        seed: int, of the first vectors of the iterative decompositions.

    Returns:
        `Product`.

    Raises:
        UserError: tensorly is missing, for protocols III and IV.

    Example:

    >>> eye = np.stack([np.eye(4), 2 * np.eye(4)])
    >>> from eelbert_tf.decomposition.factors import EncoderFactors
    >>> np.allclose(decomposed(eye, EncoderFactors("IV", 4, 1)).matrices(), eye, atol=1e-5)
    True
    """
    matrices = np.asarray(matrices, "float32")
    rank = factors.rank
    if factors.protocol == "II":
        left, values, right = np.linalg.svd(matrices, full_matrices=False)
        squares = values[:, :rank, None] * np.eye(rank, dtype="float32")
        return Product(left[:, :, :rank], right[:, :rank], squares)
    partial_tucker = _tensorly().decomposition.partial_tucker
    settings = {"n_iter_max": _ITERATIONS, "tol": _TOLERANCE, "random_state": seed}
    if factors.protocol == "III":
        (core, (left, right)), _ = partial_tucker(
            matrices, rank=[rank, rank], modes=[1, 2], **settings
        )
        return Product(left, right.T, core)
    (core, (shares, left, right)), _ = partial_tucker(
        matrices, rank=[factors.bank, rank, rank], modes=[0, 1, 2], **settings
    )
    return Product(left, right.T, bank=core, shares=shares)


def _tensorly():
    try:
        import tensorly.decomposition
    except ImportError as error:
        raise UserError(
            "Protocols III and IV need tensorly: pip install 'eelbert_tf[decomposition]' "
            f"({error})."
        ) from error
    return tensorly
