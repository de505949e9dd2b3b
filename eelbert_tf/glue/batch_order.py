"""The order of rows in an epoch: texts of like length share a batch, batches come at random."""

import numpy as np

# Batches that are sorted by length together: little padding, still ever new neighbours.
_FEWEST_TOGETHER, _MOST_TOGETHER = 16, 64


def training_batches(lengths, batch_size, random):
    """The rows of each batch of an epoch, each row once.

    Args:
        lengths: int array, tokens of each row.
        batch_size: int. One batch holds what is left over.
        random: `numpy.random.Generator`.

    Returns:
        A list of int arrays.

    Example:
        >>> batches = training_batches(np.array([3, 9, 4, 8]), 2, np.random.default_rng(0))
        >>> sorted(sorted(batch.tolist()) for batch in batches)
        [[0, 2], [1, 3]]
    """
    order = random.permutation(len(lengths))
    together = min(max(len(order) // batch_size // 16, _FEWEST_TOGETHER), _MOST_TOGETHER)
    together *= batch_size
    parts = [order[start : start + together] for start in range(0, len(order), together)]
    parts = [part[np.argsort(lengths[part], kind="stable")] for part in parts]
    batches = [
        part[start : start + batch_size]
        for part in parts
        for start in range(0, len(part), batch_size)
    ]
    return [batches[index] for index in random.permutation(len(batches))]


def scoring_batches(lengths, batch_size=128):
    """The rows of each batch to score, from the shortest to the longest."""
    order = np.argsort(lengths, kind="stable")
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
