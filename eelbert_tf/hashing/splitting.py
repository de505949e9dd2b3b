"""Text to words in plain Python, fast: for corpora. What it gives is `reference.words`' answer."""

import functools
import re
import unicodedata

from eelbert_tf.hashing import specification as spec
from eelbert_tf.hashing.character_table import ranges


def split_words(text):
    """The words of a text without a window, folded.

    Args:
        text: `str`; lone surrogates are U+FFFD.

    Returns:
        list of `str`.

    >>> split_words("Don't worry, café!")
    ["don't", 'worry', ',', 'cafe', '!']
    """
    folding, pattern = _tables()
    return pattern.findall(text.translate(folding))


def word_spans(text):
    """The words of a text, folded, and where each stands in it.

    Returns:
        list of `(word, start, stop)`: `text[start:stop]` is the word as it was written, marks that
        combine with its last character included.

    >>> word_spans("Caf\u00e9, don't")
    [('cafe', 0, 4), (',', 4, 5), ("don't", 6, 11)]
    """
    folding, pattern = _tables()
    folded, places = [], []
    for place, character in enumerate(text):
        value = folding.get(ord(character), character)
        if value is not None:
            folded.append(chr(value) if isinstance(value, int) else value)
            places.append(place)
    spans = []
    for match in pattern.finditer("".join(folded)):
        stop = places[match.end() - 1] + 1
        while stop < len(text) and unicodedata.combining(text[stop]):
            stop += 1
        spans.append((match.group(), places[match.start()], stop))
    return spans


@functools.cache
def _tables():
    """A table for `str.translate`, and the pattern of words in what it gives."""
    first, values = ranges()
    folding = {}
    word_ranges = []
    for start, behind, value in zip(first, [*first[1:], 0x110000], values):
        kind, offset = value % 4, value // 4
        if kind == spec.WORD and offset == 0:
            word_ranges.append(f"\\U{start:08x}-\\U{behind - 1:08x}")
        surrogates = 0xD800 <= start < 0xE000
        if kind == spec.WORD and not offset and not surrogates:
            continue
        if kind == spec.SOLO and not offset and not surrogates:
            continue
        for code_point in range(start, behind):
            if kind == spec.DROP:
                folding[code_point] = None
            elif kind == spec.SPACE:
                folding[code_point] = " "
            else:
                folding[code_point] = spec.REPLACEMENT if surrogates else code_point + offset
    word = f"[{''.join(word_ranges)}]"
    return folding, re.compile(f"{word}+(?:'{word}+)*|[^ ]")
