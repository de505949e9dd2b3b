"""Rows of floats as small integers and a scale a row."""

import numpy as np

# Shares of a row's largest number that the largest code may stand for; few bits gain by clipping.
_CLIPS = {8: (1.0,), 4: tuple(np.linspace(0.6, 1.0, 17))}


def encode_rows(rows, bits):
    """Round each row to multiples of its scale.

    Args:
        rows: float32 `(rows, columns)`.
        bits: 8 or 4. Codes lie within 127 or 7 of 0. With 4, the scale is the one of several that
            loses least.

    Returns:
        `(codes, scales)`: int8 `(rows, columns)`, float32 `(rows,)`.

    Example:

    ```python
    codes, scales = encode_rows(table, 8)
    table ~ codes * scales[:, None]
    ```
    """
    rows = np.asarray(rows, "float32")
    limit = 2 ** (bits - 1) - 1
    largest = np.abs(rows).max(axis=1)
    largest[largest == 0] = limit
    best_codes, best_scales, best_errors = None, None, None
    for clip in _CLIPS[bits]:
        scales = (largest * (clip / limit)).astype("float32")
        codes = np.clip(np.rint(rows / scales[:, None]), -limit, limit)
        errors = np.square(codes * scales[:, None] - rows).sum(axis=1)
        if best_codes is None:
            best_codes, best_scales, best_errors = codes, scales, errors
            continue
        better = errors < best_errors
        best_codes[better] = codes[better]
        best_scales[better], best_errors[better] = scales[better], errors[better]
    return best_codes.astype("int8"), best_scales


def pack_int4(codes):
    """LiteRT's own form of int4: two neighbours a byte, the first in the low half."""
    halves = codes.ravel().view("uint8") & 15
    return halves[0::2] | (halves[1::2] << 4)


def pack_halves(codes):
    """Two numbers a byte, so that arithmetic takes them apart.

    Args:
        codes: int8 `(rows, columns)` in [-8, 7], an even number of columns.

    Returns:
        uint8 `(rows, columns / 2)`: the left half of a row plus 8, times 16, and the right half
        plus 8.
    """
    left, right = np.split((codes + 8).astype("uint8"), 2, axis=1)
    return left * 16 + right
