"""What each text of a pair says that the other does not: soft alignment of their words."""

from keras import ops


def pair_masks(padding_mask, segment_ids, dtype):
    """The words of the first and of the second text, `[CLS]` and `[SEP]` left out.

    Args:
        padding_mask: bool or int `(batch, sequence)`.
        segment_ids: int32 `(batch, sequence)`, 0 for `[CLS] first [SEP]`, 1 for `second [SEP]`.
        dtype: dtype of the result.

    Returns:
        Two of `(batch, sequence)`, of 0 and 1.

    Example:

    >>> first, second = pair_masks([[1, 1, 1, 1, 1]], [[0, 0, 0, 1, 1]], "float32")
    >>> first[0], second[0]  # [CLS] word [SEP] word [SEP]
    ([0, 1, 0, 0, 0], [0, 0, 0, 1, 0])
    """
    mask = ops.cast(padding_mask, dtype)
    second = mask * ops.cast(segment_ids, dtype)
    first = _without_last(mask - second)
    first = ops.concatenate([ops.zeros_like(first[:, :1]), first[:, 1:]], axis=1)
    return first, _without_last(second)


def novelty(word_vectors, own, other):
    """How little each word of a text resembles its nearest in the other text.

    1 - max_j cos(w_i, w_j), as the recall and precision of BERTScore (Zhang et al., 2020, arXiv
    1904.09675) are averages of such maxima.

    Args:
        word_vectors: float `(batch, sequence, dim)`, before positions: equal words are equal.
        own: float `(batch, sequence)` of 0 and 1, the words that are asked for.
        other: likewise, the words of the other text.

    Returns:
        float32 `(batch, sequence)`, 0 to 2: 0 for a word that occurs in the other text, 2 where
        that has no words; 0 where `own` is.
    """
    word_vectors = ops.cast(word_vectors, "float32")
    squares = ops.sum(word_vectors * word_vectors, axis=-1, keepdims=True)
    unit = word_vectors / ops.sqrt(squares + 1e-12)  # at 0 a root alone has no slope
    cosines = ops.matmul(unit, ops.transpose(unit, (0, 2, 1)))
    # Below every cosine, so that where the other text has no word all words of this are new.
    nearest = ops.max(cosines - 3.0 * (1.0 - other[:, None, :]), axis=-1)
    return ops.clip(1.0 - nearest, 0.0, 2.0) * own


def _without_last(mask):
    """A mask of neighbours, without the last of them."""
    following = ops.concatenate([mask[:, 1:], ops.zeros_like(mask[:, :1])], axis=1)
    return mask * following
