"""`docs/hash.md` says what the code does: its table of ranges and its worked example."""

import pathlib
import re

import numpy as np

from eelbert_tf.hashing import reference
from eelbert_tf.hashing import specification as spec
from tests.hashing.character_rules import RANGES

PAGE = (pathlib.Path(__file__).parents[2] / "docs" / "hash.md").read_text(encoding="utf-8")
CAT = [ord(character) for character in "cat"]
CONFIG = spec.HashConfig(6)


def test_ranges_of_classes():
    for name in ("space", "drop", "solo"):
        (row,) = re.findall(rf"^\| `{name}` \| ([0-9A-F., ]+) \|$", PAGE, flags=re.MULTILINE)
        listed = [part.split("..") for part in row.split(", ")]
        ranges = [(name, int(part[0], 16), int(part[-1], 16)) for part in listed]
        assert sorted(ranges) == sorted(rule for rule in RANGES if rule[0] == name)


def test_signatures_of_the_worked_example():
    for order, window in ((1, [99]), (2, [99, 97]), (3, [2, 99, 97])):
        number = order
        for character in window:
            number = spec.to_int32(number * spec.POLYNOMIAL_BASE + character)
        signature = reference.signatures(CAT, order)[0]
        assert signature == reference.mix(number)
        assert f"| {order} | {' '.join(map(str, window))} | {number} | {signature} |" in PAGE
    for order in (1, 2, 3):
        assert all(f"| {signature} |\n" in PAGE for signature in reference.signatures(CAT, order))


def test_values_and_vector_of_the_worked_example():
    orders = [n for n, size in enumerate(CONFIG.dimensions_of_orders, 1) for _ in range(size)]
    elements = np.array(reference.vector(CAT, CONFIG), "float32")
    for dimension, order in enumerate(orders):
        multiplier = CONFIG.multipliers[dimension]
        signatures = reference.signatures(CAT, order)
        products = [spec.to_int32(signature * multiplier) for signature in signatures]
        values = [reference.value(signature, multiplier) for signature in signatures]
        cells = [dimension, order, " ".join(map(str, products)), " ".join(map(str, values))]
        cells += [sum(values), elements[dimension]]
        assert f"| {' | '.join(map(str, cells))} |" in PAGE
        assert f"| {multiplier} |\n" in PAGE


def test_random_vector_of_the_worked_example():
    vector = np.array(reference.vector(CAT, spec.HashConfig(6, kind="random")), "float32")
    assert ", ".join(map(str, vector)) in " ".join(PAGE.split())
    assert f"= {reference.word_signature(CAT)}, the two" in PAGE
