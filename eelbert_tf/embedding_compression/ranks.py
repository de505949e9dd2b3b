"""How many columns a factorised table has, and what that saves. Imports nothing heavy."""

from eelbert_tf.errors import UserError


def compression_ratio(vocabulary, dim, rank):
    """Numbers of a table over those of its two factors: V D / (V k + k D); biases do not count.

    >>> round(compression_ratio(30522, 768, 299), 3)
    2.506
    """
    return vocabulary * dim / (rank * (vocabulary + dim))


def rank_for(vocabulary, dim, rank=None, ratio=None):
    """The rank that was asked for, checked, or the largest that reaches a ratio.

    Args:
        vocabulary, dim: int, the shape of the table.
        rank: int or None. One of the two must be given.
        ratio: float or None, see `compression_ratio`.

    Raises:
        UserError: both or none are given, or there is no such rank.

    >>> [rank_for(30522, 768, ratio=ratio) for ratio in (2.5, 5, 10)]
    [299, 149, 74]
    """
    if (rank is None) == (ratio is None):
        raise UserError(
            f"One of `rank` and `ratio` must be given. Received: rank={rank}, ratio={ratio}."
        )
    largest = min(vocabulary, dim)
    if rank is not None:
        if not 1 <= rank <= largest:
            raise UserError(
                f"`rank` must be between 1 and {largest}, the largest that a table of "
                f"{vocabulary} x {dim} has. Received: rank={rank}."
            )
        return int(rank)
    highest = compression_ratio(vocabulary, dim, 1)
    if not 1 <= ratio <= highest:
        raise UserError(
            f"`ratio` must be between 1 and {highest:.1f}, which rank 1 reaches with a table of "
            f"{vocabulary} x {dim}. Received: ratio={ratio}."
        )
    rank = min(largest, int(vocabulary * dim / (ratio * (vocabulary + dim))) + 1)
    while compression_ratio(vocabulary, dim, rank) < ratio:  # once or not at all: of rounding
        rank -= 1
    return rank
