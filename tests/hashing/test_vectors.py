"""Vectors of given words, and the numbers behind them."""

import keras
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.hashing import reference, vectors
from eelbert_tf.hashing.code_points import to_code_points
from eelbert_tf.hashing.distinct_words import hash_words
from eelbert_tf.hashing.specification import MAX_CHARACTERS, VALUE_SCALE, HashConfig
from tests.hashing.golden import CONFIGS

any_words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def expected(words, config):
    rows = [reference.vector([ord(character) for character in word], config) for word in words]
    return np.array(rows, "float32").reshape(-1, config.dim)


@given(st.lists(any_words, min_size=1, max_size=10), st.sampled_from(list(CONFIGS.values())))
def test_hash_words_is_the_reference_and_splits_nothing(words, config):
    received = hash_words(words, config)
    assert received.dtype == np.float32
    assert received.tobytes() == expected(words, config).tobytes()


def test_hash_words_of_many_words_and_of_none():
    config = HashConfig(6)
    words = [f"word{number}" for number in range(5000)]
    np.testing.assert_array_equal(hash_words(words, config), expected(words, config))
    assert hash_words([], config).shape == (0, 6)


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=50))
def test_mix_is_that_of_the_reference(numbers):
    mixed = vectors.mix(keras.ops.convert_to_tensor(np.array(numbers, "int32")))
    assert keras.ops.convert_to_numpy(mixed).tolist() == [reference.mix(n) for n in numbers]


def test_reciprocals_are_those_of_the_reference():
    numbers = vectors.reciprocals(MAX_CHARACTERS)
    assert numbers.dtype == np.float32
    assert numbers[0] == 0
    assert numbers[1:].tolist() == [reference.reciprocal(n + 1) for n in range(MAX_CHARACTERS)]


def test_the_longest_text_is_summed_exactly():
    # One value of the utmost size would be lost if running sums were rounded anywhere.
    config = HashConfig(24)
    word = "a" * (MAX_CHARACTERS - 1)
    np.testing.assert_array_equal(hash_words([word], config), expected([word], config))
    assert MAX_CHARACTERS * VALUE_SCALE == 2**24


def test_code_points_are_cut_and_padded():
    points = to_code_points(["abc", b"\xe2\x82x", "", "\U0001f600" * 5], 4)
    assert points.dtype == np.int32
    assert points.tolist() == [
        [0x61, 0x62, 0x63, 0],
        [0xFFFD, 0x78, 0, 0],
        [0, 0, 0, 0],
        [0x1F600] * 4,
    ]
