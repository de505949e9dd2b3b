"""Writes `hash_v1.json`, the test vectors of version 1 of the hash, from the plain reference.

The file is made once. Tests check that this program still gives it; they never write it. To make
it for a new version of the hash, from the repository root:

    python -m tests.golden.make_hash_v1
"""

import json
import pathlib
import re

from eelbert_tf.hashing import reference
from eelbert_tf.hashing.specification import SPECIAL_TOKENS, HashConfig
from tests.golden.hash_v1_inputs import MALFORMED, PAIRS, TEXTS, WORDS
from tests.hashing import packing_model

FILE = pathlib.Path(__file__).with_name("hash_v1.json")
NOTES = (
    "Test vectors of version 1 of the hash (docs/hash.md), one case a line.",
    "A number is the shortest decimal that reads as its float32.",
    "Of `default` each vector shows the first 8 numbers, of the other settings all.",
    "`words`: a text that is one word, its folded form, its vectors.",
    "`texts`: what is in the window of `max_characters` as words, their vectors by `small`.",
    "`malformed`: bytes in hexadecimal, and the code points that they are read as.",
    "`sequences`: words of a text and its pair, before truncation, and the encoder's sequence.",
)
SETTINGS = {
    "small": {"dim": 12, "orders": 3, "kind": "ngram", "seed": 0},
    "four_orders": {"dim": 37, "orders": 4, "kind": "ngram", "seed": 7},
    "random": {"dim": 10, "orders": 3, "kind": "random", "seed": 123456789012345},
    "default": {"dim": 128, "orders": 3, "kind": "ngram", "seed": 0},
}
SHOWN = 8
# Longer than any of the words.
WORDS_MAX_CHARACTERS = 128
# Escaped, so that an editor neither hides nor composes them.
_ESCAPED = re.compile(
    "[\x7f-\xa0\xad\u0300-\u036f\u2000-\u200f\u2028-\u202f\u2060-\u206f\u20d0-\u20f0\u3000\u3099"
    "\u1100-\u11ff\ufe00-\ufe0f\ufeff\ufffd-\uffff\U000e0000-\U000e0fff]"
)


def golden_text():
    """The text of the whole file."""
    sections = {
        "notes": NOTES,
        "settings": [{"name": name, **settings} for name, settings in SETTINGS.items()],
        "special_tokens": [_special_token(name) for name in SPECIAL_TOKENS],
        "words": [_word(kind, text) for kind, line in WORDS for text in line.split(" ")],
        "texts": [_text(*case) for case in TEXTS],
        "malformed": [_malformed(case) for case in MALFORMED],
        "sequences": [_sequence(*case) for case in PAIRS],
    }
    blocks = [f'"words_max_characters": {WORDS_MAX_CHARACTERS}']
    for name, cases in sections.items():
        lines = ",\n".join(_one_line(case) for case in cases)
        blocks.append(f'"{name}": [\n{lines}\n]')
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def _special_token(name):
    word = reference.special_token(name)
    if name == "[PAD]":
        return {"token": name, **{key: [0.0] * len(row) for key, row in _vectors(word).items()}}
    return {"token": name, **_vectors(word)}


def _word(kind, text):
    (word,) = reference.words(text, WORDS_MAX_CHARACTERS)
    return {"kind": kind, "text": text, "word": _string(word), **_vectors(word)}


def _text(text, max_characters):
    words = reference.words(text, max_characters)
    config = HashConfig(**SETTINGS["small"])
    return {
        "text": text,
        "max_characters": max_characters,
        "words": [_string(word) for word in words],
        "small": [_numbers(reference.vector(word, config)) for word in words],
    }


def _malformed(text):
    points = reference.code_points(bytes.fromhex(text))
    return {"bytes": text, "code_points": [f"{point:04X}" for point in points]}


def _sequence(words, pair_words, max_words):
    counts = packing_model.truncated(words, pair_words, max_words)
    length = max_words + (2 if pair_words is None else 3)
    tokens, segment_ids = packing_model.sequence(*counts, length)
    return {
        "words": words,
        "pair_words": pair_words,
        "max_words": max_words,
        "tokens": " ".join(tokens),
        "segment_ids": segment_ids,
    }


def _vectors(word):
    vectors = {
        name: reference.vector(word, HashConfig(**settings)) for name, settings in SETTINGS.items()
    }
    vectors["default"] = vectors["default"][:SHOWN]
    return {name: _numbers(vector) for name, vector in vectors.items()}


def _numbers(vector):
    return [_shortest(number) for number in vector]


def _shortest(number):
    """The float with the fewest decimal digits among those that round to this float32."""
    candidates = (float(f"{number:.{digits}g}") for digits in range(1, 10))
    return next(short for short in candidates if reference.float32(short) == number)


def _string(word):
    return "".join(map(chr, word))


def _one_line(case):
    text = json.dumps(case, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: json.dumps(match[0])[1:-1], text)


if __name__ == "__main__":
    FILE.write_text(golden_text(), encoding="utf-8", newline="\n")
