"""The hash in plain Python: slow, short, and the text to read beside `docs/hash.md`.

Every other engine must give bit-identical vectors; `tests/golden/hash_v1.json` holds them.
"""

import struct

from eelbert_tf.hashing import specification as spec
from eelbert_tf.hashing.character_table import lookup


def code_points(text):
    """Code points of a `str`, or of `bytes` as UTF-8.

    Each maximal subpart of malformed UTF-8 becomes one U+FFFD (the practice that the Unicode
    standard and the WHATWG recommend, and that Python and ICU follow).
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return [spec.REPLACEMENT if 0xD800 <= ord(c) <= 0xDFFF else ord(c) for c in text]


def words(text, max_characters):
    """The words of a text: a list of lists of folded code points.

    >>> ["".join(map(chr, word)) for word in words("Don't worry, café!", 128)]
    ["don't", 'worry', ',', 'cafe', '!']
    """
    window = code_points(text)[:max_characters]
    kept = [pair for pair in map(lookup, window) if pair[0] != spec.DROP]
    # The end of the text, or a space that stands for it; none where the window is full.
    kept += [(spec.SPACE, 0)] * (len(window) < max_characters)
    found, previous = [], spec.SPACE
    for position, (kind, character) in enumerate(kept):
        inside = previous == spec.WORD and kept[position + 1 : position + 2]
        if character == spec.APOSTROPHE and inside and inside[0][0] == spec.WORD:
            kind = spec.WORD
        if kind == spec.SOLO or (kind == spec.WORD and previous != spec.WORD):
            found.append([character])
        elif kind == spec.WORD:
            found[-1].append(character)
        previous = kind
    # A word that reaches the end of a full window may go on behind it.
    return found[:-1] if previous == spec.WORD else found


def mix(number):
    """Mix 32 bits, so that the low 24, which count, depend on all; shifts keep the sign."""
    first, second, third = spec.MIX_SHIFTS
    number = spec.to_int32((number ^ number >> first) * spec.MIX_MULTIPLIERS[0])
    number = spec.to_int32((number ^ number >> second) * spec.MIX_MULTIPLIERS[1])
    return number ^ number >> third


def signatures(word, order):
    """The signatures of a word's n-grams of one order, one for each of its characters."""
    before, after = (order - 1) // 2, order // 2
    marked = [spec.START_MARK] * before + list(word) + [spec.END_MARK] * after
    result = []
    for start in range(len(word)):
        number = order
        for character in marked[start : start + order]:
            number = spec.to_int32(number * spec.POLYNOMIAL_BASE + character)
        result.append(mix(number))
    return result


def word_signature(word):
    """The signature of a whole word: the wrapped sum of those of its trigrams."""
    return spec.to_int32(sum(signatures(word, 3)))


def value(signature, multiplier):
    """One signature's value in one dimension, an integer from -2048 to 2047."""
    return spec.to_int32(signature * multiplier) >> (32 - spec.VALUE_BITS)


def vector(word, config):
    """The vector of a word (a list of folded code points): a list of `config.dim` floats."""
    if config.kind == "random":
        total = word_signature(word)
        rows = [[mix(spec.to_int32(total + half * spec.WHOLE_WORD_STEP))] for half in range(2)]
        sizes = config.dimensions_of_halves
    else:
        rows = [signatures(word, n + 1) for n in range(config.orders)]
        sizes = config.dimensions_of_orders
    columns = [row for row, size in zip(rows, sizes) for _ in range(size)]
    return [
        float32(sum(value(s, m) for s in column) * reciprocal(len(column)))
        for column, m in zip(columns, config.multipliers)
    ]


def special_token(name):
    """The word of a special token, such as `"[CLS]"`: its characters, not lower-cased.

    No text holds it: a bracket is a word of its own.
    """
    return [ord(character) for character in name]


def reciprocal(count):
    """1 / (2048 * count), rounded to float32."""
    return float32(1.0 / (spec.VALUE_SCALE * count))


def float32(number):
    """The nearest float32 (half to even), as a Python float."""
    return struct.unpack("<f", struct.pack("<f", number))[0]
