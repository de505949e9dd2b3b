"""The plain Python reference: decoding, words, signatures."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.hashing import reference
from eelbert_tf.hashing.specification import HashConfig
from tests.hashing.golden import GOLDEN
from tests.hashing.random_texts import BYTES

# The well-formed sequences (table 3-7 of the Unicode standard): first bytes, further bytes.
FOLLOWING = (0x80, 0xBF)
WELL_FORMED = (
    ((0x00, 0x7F),),
    ((0xC2, 0xDF), FOLLOWING),
    ((0xE0, 0xE0), (0xA0, 0xBF), FOLLOWING),
    ((0xE1, 0xEC), FOLLOWING, FOLLOWING),
    ((0xED, 0xED), (0x80, 0x9F), FOLLOWING),
    ((0xEE, 0xEF), FOLLOWING, FOLLOWING),
    ((0xF0, 0xF0), (0x90, 0xBF), FOLLOWING, FOLLOWING),
    ((0xF1, 0xF3), FOLLOWING, FOLLOWING, FOLLOWING),
    ((0xF4, 0xF4), (0x80, 0x8F), FOLLOWING, FOLLOWING),
)


def decoded(data):
    """The rule of `docs/hash.md`: one U+FFFD for each maximal subpart of malformed UTF-8."""
    result, position = [], 0
    while position < len(data):
        matched = max(_matched(data[position:], form) for form in WELL_FORMED)
        part = data[position : position + max(matched, 1)]
        whole = any(matched == len(form) == _matched(part, form) for form in WELL_FORMED)
        result.append(ord(part.decode()) if whole else 0xFFFD)
        position += len(part)
    return result


def _matched(data, form):
    pairs = zip(data, form, strict=False)
    return len(list(itertools.takewhile(lambda pair: pair[1][0] <= pair[0] <= pair[1][1], pairs)))


def strings(text, max_characters=1000):
    return ["".join(map(chr, word)) for word in reference.words(text, max_characters)]


@pytest.mark.parametrize("case", GOLDEN["malformed"], ids=lambda case: case["bytes"])
def test_malformed_bytes(case):
    data = bytes.fromhex(case["bytes"])
    expected = [int(point, 16) for point in case["code_points"]]
    assert reference.code_points(data) == decoded(data) == expected


@given(st.one_of(st.binary(max_size=12), st.lists(st.sampled_from(BYTES)).map(bytes)))
def test_each_maximal_subpart_becomes_one_replacement_character(data):
    assert reference.code_points(data) == decoded(data)


def test_tensorflow_reads_every_malformed_sequence_alike():
    import tensorflow as tf

    border_bytes = sorted(set(BYTES) - set(b" '\x7f"))
    data = [bytes(part) for part in itertools.product(border_bytes, repeat=3)]
    received = tf.strings.unicode_decode(data, "UTF-8").to_list()
    assert received == [reference.code_points(part) for part in data]


def test_lone_surrogates_become_replacement_characters():
    assert reference.code_points("a\ud800\udfffb") == [0x61, 0xFFFD, 0xFFFD, 0x62]


@pytest.mark.parametrize("case", GOLDEN["texts"], ids=lambda case: ascii(case["text"]))
def test_words_of_golden_texts(case):
    assert strings(case["text"], case["max_characters"]) == case["words"]


@given(st.text(max_size=30), st.integers(1, 30), st.integers(0, 30))
def test_a_wider_window_only_adds_words_but_for_an_apostrophe(text, window, more):
    text = text.replace("'", "").replace("\u2019", "")
    narrow, wide = strings(text, window), strings(text, window + more)
    assert wide[: len(narrow)] == narrow


@given(st.text(max_size=30))
def test_words_are_words_again(text):
    found = strings(text)
    assert [strings(word) for word in found] == [[word] for word in found]


@given(st.lists(st.integers(0, 0x10FFFF), min_size=1, max_size=12), st.integers(1, 8))
def test_one_signature_for_each_character(word, order):
    signatures = reference.signatures(word, order)
    assert len(signatures) == len(word)
    assert all(-(2**31) <= signature < 2**31 for signature in signatures)


@given(st.integers(-(2**31), 2**31 - 1))
def test_mix_reads_a_number_and_its_complement_alike(number):
    assert reference.mix(number) == reference.mix(~number) >= 0


def test_mix_tells_other_numbers_apart():
    numbers = [*range(50_000), *range(50_000, 2**31, 2**17 + 1)]
    assert len({reference.mix(number) for number in numbers}) == len(numbers)


@given(st.lists(st.integers(4, 0x10FFFF), min_size=1, max_size=12), st.integers(1, 40))
def test_vectors_are_within_minus_one_and_one(word, dim):
    for kind in ("ngram", "random"):
        vector = reference.vector(word, HashConfig(dim, kind=kind))
        assert len(vector) == dim
        assert all(-1 <= number < 1 for number in vector)


def test_special_tokens_are_not_what_a_text_holds():
    for name in ("[CLS]", "[SEP]", "[MASK]"):
        assert reference.special_token(name) not in reference.words(name + " ", 100)
        assert reference.special_token(name) == [ord(character) for character in name]
