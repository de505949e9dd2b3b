"""`EncoderFactors`: how an encoder is decomposed, and how many parameters it then has."""

import dataclasses
from typing import NamedTuple

from eelbert_tf.errors import UserError

PROTOCOLS = ("II", "III", "IV")
# Of the matrices, squares in the bank where it is left open; the paper's IV-36-* has as many.
_BANK_SHARE = 4


class EncoderShape(NamedTuple):
    """The shape of the Transformer layers of an encoder."""

    num_layers: int
    hidden_dim: int
    intermediate_dim: int

    @classmethod
    def of(cls, backbone):
        """The shape of a backbone's."""
        return cls(backbone.num_layers, backbone.hidden_dim, backbone.intermediate_dim)

    @property
    def pieces(self):
        """Matrices of H x H that one of the feed-forward part is cut into.

        Raises:
            UserError: it cannot be cut.
        """
        if self.intermediate_dim % self.hidden_dim:
            raise UserError(
                "`intermediate_dim` must be a multiple of `hidden_dim`, for matrices of H x H to "
                f"be cut from it. Received: intermediate_dim={self.intermediate_dim}, "
                f"hidden_dim={self.hidden_dim}."
            )
        return self.intermediate_dim // self.hidden_dim

    @property
    def matrices(self):
        """Matrices of H x H in all layers: query, key, value, output, and those pieces."""
        return self.num_layers * (4 + 2 * self.pieces)

    @property
    def parameters(self):
        """Parameters of the layers, plain: matrices, biases, normalizations."""
        return self.matrices * self.hidden_dim**2 + self.vectors

    @property
    def vectors(self):
        """Parameters of biases and normalizations, which stay as they are."""
        return self.num_layers * (9 * self.hidden_dim + self.intermediate_dim)


@dataclasses.dataclass(frozen=True)
class EncoderFactors:
    """A protocol and its ranks.

    Matrix j of an encoder, H x H, is `U_j S_j V_j` by protocol II, `U S_j V` by III, and
    `U (sum_i P[j, i] C_i) V` by IV.

    Attributes:
        protocol: one of `PROTOCOLS`.
        rank: int. Width r of the squares `S_j` and `C_i`.
        bank: int. Squares `C_i` of protocol IV; None for the others.

    Raises:
        UserError: they contradict each other.

    Example:

    >>> EncoderFactors("III", 64).parameters(EncoderShape(12, 768, 3072))
    807936
    """

    protocol: str
    rank: int
    bank: int | None = None

    def __post_init__(self):
        if self.protocol not in PROTOCOLS:
            raise UserError(
                f"`protocol` must be one of {', '.join(PROTOCOLS)}. Received: {self.protocol!r}."
            )
        if (self.protocol == "IV") != (self.bank is not None):
            needs = "needs a `bank`" if self.protocol == "IV" else "has no `bank`"
            raise UserError(f"Protocol {self.protocol} {needs}. Received: bank={self.bank}.")

    def check(self, shape):
        """Raise where an encoder cannot be decomposed so.

        Args:
            shape: `EncoderShape`.

        Raises:
            UserError: a number is out of range; it names the largest.
        """
        limits = {"rank": shape.hidden_dim}
        if self.protocol == "IV":
            limits["bank"] = min(shape.matrices, self.rank**2)
        for name, largest in limits.items():
            value = getattr(self, name)
            if not 1 <= value <= largest:
                raise UserError(
                    f"`{name}` must be from 1 to {largest} for {shape.matrices} matrices of "
                    f"{shape.hidden_dim} x {shape.hidden_dim}. Received: {name}={value}."
                )

    def parameters(self, shape):
        """Parameters of all Transformer layers, biases and normalizations among them.

        Args:
            shape: `EncoderShape`.
        """
        squares, sides = shape.matrices, 1
        mixing = 0
        if self.protocol == "II":
            sides = shape.matrices
        elif self.protocol == "IV":
            squares, mixing = self.bank, shape.matrices * self.bank
        factors = 2 * sides * shape.hidden_dim * self.rank + squares * self.rank**2
        return factors + mixing + shape.vectors


def chosen_factors(shape, protocol="IV", rank=None, bank=None, ratio=None):
    """The factors of given ranks, or the largest of a given ratio.

    Args:
        shape: `EncoderShape`.
        protocol: one of `PROTOCOLS`.
        rank: int or None.
        bank: int or None. For protocol IV; a quarter of the matrices unless given.
        ratio: float or None. How many times fewer parameters the Transformer layers shall have at
            least, their biases and normalizations counted.

    Returns:
        `EncoderFactors`.

    Raises:
        UserError: neither or both of rank and ratio are given, or one is out of range.

    Example:

    >>> chosen_factors(EncoderShape(4, 256, 1024), ratio=48.0)
    EncoderFactors(protocol='IV', rank=47, bank=12)
    """
    if (rank is None) == (ratio is None):
        raise UserError(f"Give either `rank` or `ratio`. Received: rank={rank}, ratio={ratio}.")

    def factors(rank):
        size = bank
        if protocol == "IV" and bank is None:
            size = max(1, min(shape.matrices // _BANK_SHARE, rank**2))
        chosen = EncoderFactors(protocol, rank, size)
        chosen.check(shape)
        return chosen

    if rank is not None:
        return factors(rank)
    if ratio < 1:
        raise UserError(f"`ratio` must be at least 1. Received: ratio={ratio}.")
    # From the smallest rank that a given bank allows.
    first = 1 if bank is None else next(r for r in range(1, bank + 1) if r**2 >= bank)
    fitting = [
        one
        for one in map(factors, range(min(first, shape.hidden_dim), shape.hidden_dim + 1))
        if one.parameters(shape) * ratio <= shape.parameters
    ]
    if not fitting:
        smallest = factors(min(first, shape.hidden_dim)).parameters(shape)
        raise UserError(
            f"`ratio` must be at most {shape.parameters / smallest:.1f} by protocol {protocol} "
            f"for this encoder{'' if bank is None else f' with a bank of {bank}'}. "
            f"Received: ratio={ratio}."
        )
    return fitting[-1]
