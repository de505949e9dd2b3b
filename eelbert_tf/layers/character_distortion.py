"""Typing errors made up while training, so that a model learns to read through them."""

import tensorflow as tf

# A character that is dropped: to put it in place of another deletes that one.
_ZERO_WIDTH_SPACE = 0x200B


def distort(code_points, rate, seed):
    """Delete, replace, or swap letters at random.

    Args:
        code_points: int32 tensor `(length,)`.
        rate: float. The share of letters with an error.
        seed: int32 tensor `(2,)`, for `tf.random.stateless_uniform`.

    Returns:
        int32 tensor `(length,)`. Spaces, digits and punctuation keep their places.
    """
    length = tf.size(code_points)
    draws = tf.random.stateless_uniform([3, length], seed)
    letters = _is_letter(code_points)
    hit = letters & (draws[0] < rate)
    # Replacements are drawn from the text's own letters: right for any script.
    pool = tf.concat([tf.boolean_mask(code_points, letters), [0x65]], axis=0)
    drawn = tf.gather(pool, tf.cast(draws[2] * tf.cast(tf.size(pool), tf.float32), tf.int32))
    deleted = tf.where(hit & (draws[1] < 1 / 3), _ZERO_WIDTH_SPACE, code_points)
    replaced = tf.where(hit & (draws[1] >= 1 / 3) & (draws[1] < 2 / 3), drawn, deleted)
    # A letter swaps with the one behind it, unless that one has an error of its own.
    free = letters & ~hit
    swapped = hit & (draws[1] >= 2 / 3) & tf.concat([free[1:], [False]], axis=0)
    from_left = tf.concat([[False], swapped[:-1]], axis=0)
    step = tf.cast(swapped, tf.int32) - tf.cast(from_left, tf.int32)
    return tf.gather(replaced, tf.range(length) + step)


def _is_letter(code_points):
    """ASCII letters, and everything from U+00C0 on that is no common punctuation."""
    lower = tf.bitwise.bitwise_or(code_points, 0x20)
    ascii_letter = (lower >= 0x61) & (lower <= 0x7A)
    return ascii_letter | ((code_points >= 0xC0) & (code_points < 0x2000))
