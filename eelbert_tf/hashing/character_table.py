"""Class and folded form of every code point, from `characters_v1.tsv` (see `docs/hash.md`).

A value packs both: four times the offset to the folded code point, plus the class.
"""

import bisect
import functools
import importlib.resources

import numpy as np

from eelbert_tf.hashing import specification

CLASSES = {
    "space": specification.SPACE,
    "drop": specification.DROP,
    "solo": specification.SOLO,
    "word": specification.WORD,
}
BLOCK = 128


@functools.cache
def ranges():
    """The rows of the file: lists of first code points and of packed values."""
    file = importlib.resources.files("eelbert_tf.hashing") / "characters_v1.tsv"
    first, values = [], []
    for line in file.read_text(encoding="ascii").splitlines()[1:]:
        start, _, name, offset = line.split("\t")
        first.append(int(start, 16))
        values.append(int(offset) * 4 + CLASSES[name])
    return first, values


def lookup(code_point):
    """The class of a code point and its folded form, `(class, code point)`."""
    first, values = ranges()
    value = values[bisect.bisect_right(first, code_point) - 1]
    return value % 4, code_point + value // 4


@functools.cache
def pages():
    """The table in two levels, small enough to travel inside a model.

    Returns:
        `(page_of_block, page_values)`: uint8 of shape `(8704,)`, the page of each block of 128
        code points; int32 of shape `(pages * 128,)`, the packed values of the distinct pages.
    """
    first, values = ranges()
    counts = np.diff([*first, 0x110000])
    blocks = np.repeat(np.array(values, "int32"), counts).reshape(-1, BLOCK)
    distinct, page_of_block = np.unique(blocks, axis=0, return_inverse=True)
    return page_of_block.astype("uint8"), distinct.ravel()
