"""Words to the encoder's sequence, against the rules in plain Python."""

import functools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.hashing import packing, reference
from eelbert_tf.hashing.code_points import encoder_inputs, to_code_points
from eelbert_tf.hashing.specification import SPECIAL_TOKENS, HashConfig
from eelbert_tf.hashing.strings import hash_text, sequence_rows
from tests.hashing import packing_model
from tests.hashing.golden import CONFIGS, GOLDEN

CONFIG = CONFIGS["small"]
SPECIAL = dict(zip(SPECIAL_TOKENS, packing.special_vectors(CONFIG), strict=True))
MAX_WORDS, MAX_CHARACTERS = 5, 24
counts = st.integers(0, 20)
texts = st.text(st.sampled_from("ab é'.中😀"), max_size=30)


def tensors(numbers):
    return None if numbers[0] is None else np.array(numbers, "int32")


def laid_out(words, pair_words, length):
    """The layouts of a batch as tokens and segment ids, like those of the packing model."""
    tokens, places, segment_ids = packing.layout(tensors(words), tensors(pair_words), length)
    rows = []
    for row in zip(np.array(tokens), np.array(places), np.array(segment_ids), strict=True):
        names = [
            SPECIAL_TOKENS[token] if token >= 0 else f"{'ab'[segment]}{place}"
            for token, place, segment in zip(*row, strict=True)
        ]
        rows.append((names, row[2].tolist()))
    return rows


def plain_python(text, pair):
    """The word vectors, mask and segment ids of one text or pair."""
    first = reference.words(text, MAX_CHARACTERS)
    second = [] if pair is None else reference.words(pair, MAX_CHARACTERS)
    number = None if pair is None else len(second)
    kept = packing_model.truncated(len(first), number, MAX_WORDS)
    length = MAX_WORDS + (2 if pair is None else 3)
    tokens, segment_ids = packing_model.sequence(*kept, length)
    rows = dict(SPECIAL)
    for name, side in (("a", first), ("b", second)):
        for place, word in enumerate(side):
            rows[f"{name}{place}"] = np.array(reference.vector(word, CONFIG), "float32")
    mask = [token != "[PAD]" for token in tokens]
    return np.stack([rows[token] for token in tokens]), mask, segment_ids


@functools.cache
def of_strings(pair):
    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def traced(text):
        hashed = hash_text(text, CONFIG, MAX_CHARACTERS)
        rows, layout = sequence_rows(hashed, pair, MAX_WORDS)
        return packing.encoder_inputs(hashed.table, rows, layout)

    return traced


@functools.cache
def of_code_points(pair):
    spec = tf.TensorSpec([None, MAX_CHARACTERS], tf.int32)

    @tf.function(input_signature=[spec, spec] if pair else [spec])
    def traced(first, second=None):
        return encoder_inputs(first, second, CONFIG, MAX_WORDS)

    return traced


@pytest.mark.parametrize("case", GOLDEN["sequences"], ids=str)
def test_golden_sequences(case):
    words, pair_words, max_words = case["words"], case["pair_words"], case["max_words"]
    kept = packing.truncated_counts(tensors([words]), tensors([pair_words]), max_words)
    length = max_words + (2 if pair_words is None else 3)
    second = [None] if kept[1] is None else np.array(kept[1])
    ((tokens, segment_ids),) = laid_out(np.array(kept[0]), second, length)
    assert " ".join(tokens) == case["tokens"]
    assert segment_ids == case["segment_ids"]


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=6), st.integers(1, 12))
def test_of_a_pair_the_longer_gives_way(pairs, max_words):
    first, second = (np.array(column, "int32") for column in zip(*pairs, strict=True))
    kept = packing.truncated_counts(first, second, max_words)
    received = list(zip(*(np.array(side).tolist() for side in kept), strict=True))
    assert received == [packing_model.truncated(*pair, max_words) for pair in pairs]


@given(st.lists(counts, min_size=1, max_size=6), st.integers(1, 12))
def test_a_single_text_is_cut_at_its_end(words, max_words):
    kept, none = packing.truncated_counts(np.array(words, "int32"), None, max_words)
    assert none is None
    assert np.array(kept).tolist() == [min(number, max_words) for number in words]


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=6), st.integers(0, 9))
def test_layout_of_pairs(pairs, padding):
    first, second = zip(*pairs, strict=True)
    length = max(map(sum, pairs)) + 3 + padding
    expected = [packing_model.sequence(*pair, length) for pair in pairs]
    assert laid_out(first, second, length) == expected


@given(st.lists(counts, min_size=1, max_size=6), st.integers(0, 9))
def test_layout_of_single_texts(words, padding):
    length = max(words) + 2 + padding
    expected = [packing_model.sequence(number, None, length) for number in words]
    assert laid_out(words, [None], length) == expected


def test_special_vectors_are_hashed_but_for_padding():
    vectors = packing.special_vectors(HashConfig(12, seed=5))
    assert not vectors[packing.PAD].any()
    for name, row in (("[CLS]", packing.CLS), ("[SEP]", packing.SEP), ("[MASK]", packing.MASK)):
        word = [ord(character) for character in name]
        expected = np.array(reference.vector(word, HashConfig(12, seed=5)), "float32")
        np.testing.assert_array_equal(vectors[row], expected)


@pytest.mark.parametrize("pair", [False, True])
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_sequences_of_strings_and_of_code_points(pair, rows):
    sides = list(zip(*rows, strict=True))[: 2 if pair else 1]
    received = [
        of_code_points(pair)(*(to_code_points(side, MAX_CHARACTERS) for side in sides)),
        of_strings(pair)(tf.constant([text for side in sides for text in side])),
    ]
    for inputs in received:
        inputs = {name: tensor.numpy() for name, tensor in inputs.items()}
        length = inputs["padding_mask"].shape[1]
        for row, (first, second) in enumerate(rows):
            vectors, mask, segment_ids = plain_python(first, second if pair else None)
            # Strings are padded to the longest of the batch.
            assert not any(mask[length:])
            np.testing.assert_array_equal(inputs["word_vectors"][row], vectors[:length])
            np.testing.assert_array_equal(inputs["padding_mask"][row], mask[:length])
            np.testing.assert_array_equal(inputs["segment_ids"][row], segment_ids[:length])
