"""Texts, and malformed ones, that meet the rules of the hash often. Plain Python."""

import random

# Two spaces, letters, accents, apostrophes, joiners, emoji, controls, scripts, the last of planes.
CHARACTERS = (
    "  \n\u00a0\u3000aabBzZ09.,-#é\u0301\u0345'\u2019\uff07ĄßİıſΩςйЁ\u0591אבآ\u064bक\u093fกの\u3099"
    "ガ中한\u1112\u1161\u200c\u200d\ufe0f\u20e3\U0001f3fb\U0001f468\U0001f1e9Ａ\x00\x02\x03\x85\ufeff"
    "\ufffd\ufffe\uffff\ud7ff\ue000\U0001ffff\U00020000\U000e0067\U0010ffff"
)
# Leading and following bytes at the borders of what is well-formed, and ASCII.
BYTES = bytes.fromhex("20 41 27 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f4 f5 ff")


def random_texts(count, seed, longest=80):
    """A list of `count` `bytes`: two in three are UTF-8, the others mostly not."""
    source = random.Random(seed)
    return [_random_text(source, source.randrange(longest + 1)) for _ in range(count)]


def _random_text(source, length):
    kind = source.randrange(3)
    if kind == 0:
        return bytes(source.choices(BYTES, k=length))
    if kind == 1:
        return "".join(source.choices(CHARACTERS, k=length)).encode()
    return "".join(_any_character(source) for _ in range(length)).encode()


def _any_character(source):
    """Of any plane, the first one most often; spaces in between."""
    if source.randrange(6) == 0:
        return " "
    character = chr(source.randrange(source.choice((0x250, 0x3000, 0x10000, 0x110000))))
    return "\ufffd" if "\ud800" <= character <= "\udfff" else character
