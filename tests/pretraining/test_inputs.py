"""Words as an encoder's inputs, and the targets at each place."""

import keras_hub
import numpy as np
import pytest

from eelbert_tf.models import EelbertBackbone, EelbertPreprocessor
from eelbert_tf.models.bert_directory import load_bert
from eelbert_tf.pretraining.corruption import KEPT, MASKED, RANDOM
from eelbert_tf.pretraining.masked_word_pieces import MaskedWordPieces
from eelbert_tf.pretraining.objectives import (
    Discrimination,
    Distillation,
    Example,
    MaskedLanguageModel,
    balanced,
)
from eelbert_tf.pretraining.sequences import Batch
from eelbert_tf.pretraining.word_inputs import HashedInputs, PieceInputs
from eelbert_tf.pretraining.word_piece_table import WordPieceTable

WORDS = ["the", "film", "fine", "x"]
NUMBERS = np.array([[0, 2, 1, -1], [3, -1, -1, -1]], "int32")


def test_hashed_inputs_are_those_of_the_preprocessor(student):
    inputs, word_index = HashedInputs(EelbertBackbone.from_preset(student), WORDS)(NUMBERS)
    expected = EelbertPreprocessor.from_preset(student)(["the fine film", "x"])
    assert set(inputs) == set(expected)
    for name, array in expected.items():
        assert np.array_equal(inputs[name][:, :5], array), name
    assert word_index.tolist() == [[-1, 0, 1, 2, -1, -1], [-1, 0, -1, -1, -1, -1]]
    assert not inputs["padding_mask"][:, 5].any()


def test_the_mask_has_its_own_vector(student):
    inputs = HashedInputs(EelbertBackbone.from_preset(student), WORDS)
    masked, _ = inputs(np.array([[inputs.mask_number]], "int32"))
    assert masked["word_vectors"][0, 1].any()
    assert not masked["ngram_signatures"][0, 1].any()


def test_pieces_of_words(bert):
    tokenizer = keras_hub.models.BertTokenizer.from_preset(str(bert))
    table = WordPieceTable(tokenizer, ["the", "afilm", "\x02"])
    inputs = PieceInputs(table)
    rows, word_index = inputs(np.array([[0, 1, 2, inputs.mask_number], [0, -1, -1, -1]], "int32"))
    pieces = [tokenizer.id_to_token(int(n)) for n in rows["token_ids"][0]]
    assert pieces[:10] == [
        "[CLS]",
        "the",
        "a",
        "##f",
        "##i",
        "##l",
        "##m",
        "[UNK]",
        "[MASK]",
        "[SEP]",
    ]
    assert word_index[0, :10].tolist() == [-1, 0, 1, 1, 1, 1, 1, 2, 3, -1]
    assert rows["padding_mask"].sum(axis=1).tolist() == [10, 3]
    assert set(pieces[10:]) <= {"[PAD]"}


def example(kinds):
    word_index = np.array([[-1, 0, 1, 2, -1, -1], [-1, 0, -1, -1, -1, -1]], "int32")
    batch = Batch(NUMBERS, 0, np.array([0, 3]), np.array([0, 1]))
    return Example(batch, np.array(kinds, "int8"), {}, word_index)


def test_masked_words_are_asked_for_where_they_stand():
    objective = MaskedLanguageModel(label_count=3)
    objective.kept_but_asked = 0.0
    kinds = [[KEPT, MASKED, RANDOM, KEPT], [MASKED, KEPT, KEPT, KEPT]]
    x, y, weights = objective.targets(example(kinds), np.random.default_rng(0))
    asked = {
        (row, int(place)): int(label)
        for row in range(2)
        for place, label, weight in zip(
            x["mask_positions"][row], y["masked_words"][row], weights["masked_words"][row]
        )
        if weight
    }
    # Two places a row are read at most; word 3 is no label.
    assert asked.items() <= {(0, 2): 2, (0, 3): 1}.items() and asked


def test_discrimination_tells_what_was_done():
    kinds = [[KEPT, RANDOM, MASKED, KEPT], [KEPT] * 4]
    _, y, weights = Discrimination().targets(example(kinds), None)
    assert y["discrimination"][0, 1:4].tolist() == [KEPT, RANDOM, MASKED]
    assert (weights["discrimination"] > 0).tolist() == [
        [False, True, True, False, False, False],
        [False, True, False, False, False, False],
    ]


def test_distillation_takes_the_teachers_rows(targets):
    _, y, weights = Distillation(targets).targets(example(np.zeros((2, 4))), None)
    tokens, sentences = targets.load(0)
    expected = np.array([tokens[0], tokens[1], tokens[2]]) * targets.scale
    received = y["teacher_words"][0, 1:4]
    np.testing.assert_allclose(received / received.std(), expected / expected.std(), rtol=1e-4)
    np.testing.assert_allclose(y["teacher_sentence"], sentences[:2])
    assert (weights["teacher_words"] > 0).sum() == 4


def test_distillation_of_sentences_asks_for_no_word(targets):
    _, y, weights = Distillation(targets, words=False).targets(example(np.zeros((2, 4))), None)
    assert list(y) == list(weights) == ["teacher_sentence"]
    np.testing.assert_allclose(y["teacher_sentence"], targets.load(0)[1][:2])


def test_balanced_weights_have_a_mean_of_one():
    assert balanced(np.array([[True, False, False, False]])).tolist() == [[4.0, 0.0, 0.0, 0.0]]
    assert not balanced(np.zeros((2, 2), bool)).any()


def test_masked_pieces_are_asked_for_where_they_stand(bert):
    backbone, tokenizer = load_bert(bert)
    inputs = PieceInputs(WordPieceTable(tokenizer, ["the", "film", "afilm"]), 64)
    numbers = np.tile(np.array([0, 1, 2] * 7, "int32"), (50, 1))
    numbers[:, 15:] = np.where(np.arange(50)[:, None] % 2, -1, numbers[:, 15:])
    x, word_index = inputs(numbers)
    objective = MaskedWordPieces(backbone, mask_token_id=4)
    example = Example(None, None, x, word_index)
    changed, y, weights = objective.targets(example, np.random.default_rng(0))
    places, asked = changed["mask_positions"], weights["masked_pieces"] > 0
    rows = np.arange(50)[:, None]
    inside = word_index >= 0
    # 15 % of each row's pieces, each once, and never a special token.
    assert asked.sum(axis=1).tolist() == [round(n * 0.15) for n in inside.sum(axis=1)]
    assert all(len(set(row[own])) == own.sum() for row, own in zip(places, asked))
    assert inside[np.broadcast_to(rows, places.shape)[asked], places[asked]].all()
    before, after = x["token_ids"], changed["token_ids"]
    np.testing.assert_array_equal(y["masked_pieces"], before[rows, places])
    shown = after[rows, places][asked]
    assert 0.65 < (shown == 4).mean() < 0.95
    assert (shown == y["masked_pieces"][asked]).any()
    after = after.copy()
    after[rows, places] = before[rows, places]
    np.testing.assert_array_equal(after, before)
    assert weights["masked_pieces"].mean() == pytest.approx(1.0)
