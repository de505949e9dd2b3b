"""The rows of a batch that one replica takes."""

import keras
import numpy as np


def part(batch, index, count, multiple=1):
    """One of `count` parts of a batch, equally large, that share no row and leave none out.

    Where the rows do not divide, the last one is repeated with a weight of 0. The other weights
    grow so that the mean over all places, which is Keras' loss, stays that of the whole batch.

    Args:
        batch: `(x, y, sample_weight)` of NumPy arrays, or of dicts or tuples of them.
        index: int, from 0. Which part.
        count: int.
        multiple: int. The rows of a part are a multiple of it.

    Returns:
        The same structure of arrays with fewer rows.

    Example:

    >>> part((np.array(["a", "b", "c"]), np.arange(3), np.ones(3)), 1, 2)
    (array(['c', 'c'], dtype='<U1'), array([2, 2]), array([1.33333333, 0.        ]))
    """
    if count == multiple == 1:
        return batch
    x, y, weights = batch
    rows = len(keras.tree.flatten(x)[0])
    size = -(-rows // (count * multiple)) * multiple
    places = np.arange(index * size, (index + 1) * size)
    taken, real = np.minimum(places, rows - 1), places < rows

    def weighted(weight):
        scale = (real * (size * count / rows)).astype(weight.dtype)
        return weight[taken] * scale.reshape(-1, *[1] * (weight.ndim - 1))

    x, y = keras.tree.map_structure(lambda array: array[taken], (x, y))
    return x, y, keras.tree.map_structure(weighted, weights)
