"""Tests of what teacher and student read of numbered words."""

import keras_hub
import numpy as np
import pytest

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.distillation.reading import Reading, word_means
from eelbert_tf.models.word_piece_preprocessor import WordPiecePreprocessor
from eelbert_tf.pretraining.word_inputs import looked_up
from tests import toy

WORDS = ["the", "film", "fine", "a"]
# "the film", "a fine"; "film", "".
NUMBERS = np.array([[0, 1, 4, 3, 2], [1, 4, -1, -1, -1]], "int32")
TEXTS = ["the film", "film"], ["a fine", ""]


@pytest.fixture(scope="module")
def pieces_of_words(tokenizer):
    return keras_hub.tokenizers.WordPieceTokenizer(
        vocabulary=tokenizer.get_vocabulary(), lowercase=True, strip_accents=True
    )


def eelbert(**changes):
    return EncoderPreset(toy.backbone(), toy.preprocessor(**changes))


def assert_equal(x, other):
    assert set(x) == set(other)
    for name in x:
        np.testing.assert_array_equal(np.asarray(x[name]), np.asarray(other[name]), name)


def test_pairs_are_read_as_the_preprocessors_pack_them(teacher, tokenizer, pieces_of_words):
    x, words = Reading(teacher, WORDS)(NUMBERS)
    assert_equal(x, WordPiecePreprocessor(tokenizer, max_words=12)(TEXTS))
    assert words.tolist() == [[-1, 0, 1, 1, -1, 3, 4, -1], [-1, 0, 0, -1, -1, -1, -1, -1]]
    for changes in ({}, {"tokenizer": pieces_of_words}):
        encoder = eelbert(**changes)
        x, words = Reading(encoder, WORDS)(NUMBERS)
        assert_equal(x, encoder.tokenizer(TEXTS))
        assert words[0].max() == 4


def test_single_texts_are_read_as_the_preprocessors_pack_them(teacher, tokenizer):
    x, _ = Reading(teacher, WORDS)(np.array([[0, 1], [3, -1]], "int32"))
    assert_equal(x, WordPiecePreprocessor(tokenizer, max_words=12)(["the film", "a"]))


def test_what_is_behind_the_longest_row_is_left_out(teacher):
    reading = Reading(teacher, WORDS)
    reading.length = 4
    x, words = reading(NUMBERS)
    sep = teacher.tokenizer.sep_token_id
    assert x["token_ids"].shape == (2, 4)
    assert x["token_ids"][:, -1].tolist() == [sep, sep]
    assert words.tolist() == [[-1, 0, 1, -1], [-1, 0, 0, -1]]
    assert x["padding_mask"].all()


def test_rows_of_tables_have_one_shape_for_as_many_words(teacher, pieces_of_words):
    """What a row holds of tables is what it holds without, and padding."""
    encoders = teacher, eelbert(), eelbert(tokenizer=pieces_of_words)
    for encoder, places in zip(encoders, (24, 7, 24)):
        read = Reading(encoder, WORDS, as_rows=True)
        for numbers in (NUMBERS, NUMBERS[1:]):
            x, words = read(numbers)
            assert words.shape == x["padding_mask"].shape == (len(numbers), places)
            own, its_words = Reading(encoder, WORDS)(numbers)
            length = its_words.shape[1]
            assert not x["padding_mask"][:, length:].any()
            np.testing.assert_array_equal(words[:, :length], its_words)
            x = looked_up(read.tables, {name: array[:, :length] for name, array in x.items()})
            assert_equal(x, own)


def test_tokens_tell_who_reads_the_same(teacher, tokenizer, pieces_of_words):
    same = Reading(teacher, WORDS).tokens
    assert Reading(eelbert(tokenizer=pieces_of_words), WORDS).tokens == same
    assert Reading(eelbert(), WORDS).tokens != same
    assert Reading(eelbert(), WORDS).tokens == Reading(eelbert(), ["other"]).tokens
    other = keras_hub.models.BertTokenizer(tokenizer.get_vocabulary()[:-1], lowercase=True)
    assert Reading(EncoderPreset(teacher.backbone, other), WORDS).tokens != same


def test_means_of_words_by_hand():
    means = word_means(np.array([[-1, 1, 0, 0, -1]]), 3)
    by_hand = [[1, 0, 0, 0, 0], [0, 0, 0.5, 0.5, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0, 0]]
    np.testing.assert_array_equal(means, [by_hand])
