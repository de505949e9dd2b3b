"""The rules of `docs/hash.md` for characters, spelled with Python's Unicode database.

`characters_v1.tsv` is their result, kept as a file so that no Unicode update changes a model.
"""

import unicodedata

SPACE, DROP, SOLO, WORD = "space", "drop", "solo", "word"
# Here class and folded form follow the general category and the canonical decomposition.
DERIVED = ((0x0000, 0x06FF), (0x1E00, 0x1FFF))

RANGES = (
    (SPACE, 0x0F0B, 0x0F0C),  # tsheg, which ends a Tibetan syllable
    (SPACE, 0x1680, 0x1680),
    (SPACE, 0x2000, 0x200A),
    (SPACE, 0x2028, 0x2029),
    (SPACE, 0x202F, 0x202F),
    (SPACE, 0x205F, 0x205F),
    (SPACE, 0x3000, 0x3000),
    (DROP, 0x180B, 0x180F),  # Mongolian variation selectors
    (DROP, 0x1AB0, 0x1AFF),  # combining marks
    (DROP, 0x1DC0, 0x1DFF),
    (DROP, 0x200B, 0x200F),  # zero-width space, joiners, direction marks
    (DROP, 0x202A, 0x202E),  # direction embeddings
    (DROP, 0x2060, 0x206F),  # word joiner, invisible operators, isolates
    (DROP, 0x20D0, 0x20F0),  # combining marks for symbols, keycap
    (DROP, 0xFE00, 0xFE0F),  # variation selectors
    (DROP, 0xFE20, 0xFE2F),  # combining half marks
    (DROP, 0xFEFF, 0xFEFF),  # byte-order mark
    (DROP, 0x1F3FB, 0x1F3FF),  # emoji skin tones
    (DROP, 0xE0000, 0xE0FFF),  # tags, variation selectors supplement
    (SOLO, 0x0964, 0x0965),  # danda
    (SOLO, 0x0E00, 0x0EFF),  # Thai, Lao: no spaces between words
    (SOLO, 0x0F0D, 0x0F14),  # Tibetan punctuation
    (SOLO, 0x1000, 0x109F),  # Myanmar
    (SOLO, 0x1361, 0x1368),  # Ethiopic punctuation
    (SOLO, 0x1780, 0x17FF),  # Khmer
    (SOLO, 0x2010, 0x2027),  # general punctuation
    (SOLO, 0x2030, 0x205E),
    (SOLO, 0x2070, 0x20CF),  # superscripts, currency
    (SOLO, 0x2100, 0x2BFF),  # letterlike, arrows, mathematics, symbols, dingbats
    (SOLO, 0x2E00, 0x2FFF),  # supplemental punctuation, CJK radicals
    (SOLO, 0x3001, 0x3004),  # CJK punctuation
    (SOLO, 0x3007, 0x3030),
    (SOLO, 0x3036, 0x303F),
    (SOLO, 0x30A0, 0x30A0),
    (SOLO, 0x30FB, 0x30FB),
    (SOLO, 0x3100, 0x312F),  # Bopomofo
    (SOLO, 0x31A0, 0x31EF),
    (SOLO, 0x3200, 0x9FFF),  # enclosed CJK, CJK unified ideographs
    (SOLO, 0xD800, 0xDFFF),  # surrogates, only where malformed input is given as code points
    (SOLO, 0xF900, 0xFAFF),  # CJK compatibility ideographs
    (SOLO, 0xFE10, 0xFE1F),
    (SOLO, 0xFE30, 0xFE6F),
    (SOLO, 0xFF5F, 0xFF65),
    (SOLO, 0xFFE0, 0xFFFF),
    (SOLO, 0x1F000, 0x1F3FA),  # emoji and pictographs
    (SOLO, 0x1F400, 0x1FAFF),
    (SOLO, 0x20000, 0x3FFFF),  # CJK extensions
)

FOLDED = {
    **dict.fromkeys((0x2018, 0x2019, 0x201A, 0x201B), 0x27),
    **dict.fromkeys((0x201C, 0x201D, 0x201E, 0x201F), 0x22),
    **dict.fromkeys(range(0x2010, 0x2016), 0x2D),
    0x2026: 0x2E,
}


def rule(code_point):
    """The class of a code point and the code point that it is read as."""
    if 0xFF01 <= code_point <= 0xFF5E:  # full-width forms of ASCII
        return rule(code_point - 0xFEE0)
    if any(low <= code_point <= high for low, high in DERIVED):
        return _derived_class(code_point), _derived_fold(code_point)
    for name, low, high in RANGES:
        if low <= code_point <= high:
            return name, FOLDED.get(code_point, code_point)
    return WORD, code_point


def _derived_class(code_point):
    category = unicodedata.category(chr(code_point))
    if category[0] == "Z" or category == "Cc":
        return SPACE
    if category in ("Mn", "Me", "Cf"):
        return DROP
    return SOLO if category[0] in "PS" else WORD


def _derived_fold(code_point):
    """The lower-case base letter: simple lower case, decomposed, without its marks."""
    if unicodedata.category(chr(code_point))[0] != "L":
        return code_point
    lower = _simple_lower(chr(code_point))
    base = [c for c in unicodedata.normalize("NFD", lower) if unicodedata.category(c) != "Mn"]
    return ord(_simple_lower(base[0])) if len(base) == 1 else ord(lower)


def _simple_lower(character):
    """The one-character lower case: the only two-character one is that of U+0130.

    A final sigma is a sigma, so that a Greek word in capitals is the same word.
    """
    return {"\u0130": "i", "\u03c2": "\u03c3"}.get(character, character.lower())


def table_lines():
    """The lines of `characters_v1.tsv`: first, last, class, offset to the folded form."""
    lines = ["first\tlast\tclass\toffset"]
    start, current = 0, None
    for code_point in range(0x110001):
        name, folded = rule(code_point) if code_point <= 0x10FFFF else (None, 0)
        key = (name, folded - code_point if name else None)
        if key != current:
            if current:
                lines.append(f"{start:04X}\t{code_point - 1:04X}\t{current[0]}\t{current[1]}")
            start, current = code_point, key
    return lines
