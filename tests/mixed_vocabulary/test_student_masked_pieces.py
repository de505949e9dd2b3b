"""Version 1: projections that all layers share, and the student's questions."""

import keras_hub
import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.mixed_vocabulary.student_masked_pieces import (
    SharedProjections,
    StudentMaskedPieces,
)
from eelbert_tf.models.compact_bert_backbone import CompactBertBackbone
from eelbert_tf.pretraining.objectives import Example
from eelbert_tf.pretraining.sequences import Batch
from eelbert_tf.pretraining.word_inputs import PieceInputs
from eelbert_tf.pretraining.word_piece_table import WordPieceTable
from tests import toy


def bert(hidden_dim, num_layers=2, seed=0):
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=30,
        num_layers=num_layers,
        num_heads=2,
        hidden_dim=hidden_dim,
        intermediate_dim=2 * hidden_dim,
        dropout=0.0,
        max_sequence_length=16,
    )
    return toy.with_random_weights(backbone, seed)


@pytest.fixture(scope="module")
def projections():
    layer = SharedProjections(bert(8), bert(4, seed=1), epsilon=0.5)
    layer.build((None, None, 4))
    return layer


def test_one_pair_for_each_shape(projections):
    """8 x 8, 8 x 16 and 16 x 8 have two each; the vectors of 8 and of 16 one."""
    shapes = sorted(tuple(weight.shape) for weight in projections.trainable_variables)
    assert shapes == sorted([(4, 8), (8, 4), (4, 8), (16, 8), (8, 16), (8, 4), (8, 4), (16, 8)])


def test_the_distance_is_that_of_the_formula(projections):
    teacher, student = bert(8), bert(4, seed=1)
    weights = {weight.name: np.asarray(weight) for weight in projections.weights}
    expected = 0.0
    for one, two in zip(teacher.transformer_layers, student.transformer_layers):
        for own, other in zip(one.trainable_variables, two.trainable_variables):
            theta, target = np.asarray(own), np.asarray(other)
            if theta.ndim == 3:  # heads side by side
                theta, target = theta.reshape(8, 8), target.reshape(4, 4)
            elif own.name != "kernel":
                theta, target = theta.reshape(1, -1), target.reshape(1, -1)
            name = "_".join(map(str, theta.shape + target.shape))
            projected = theta @ weights[f"right_{name}"]
            if len(theta) > 1:
                projected = weights[f"left_{name}"] @ projected
            expected += np.square(projected - target).sum()
    assert float(projections.distance()) == pytest.approx(expected, rel=1e-5)
    x = np.ones((1, 2, 4), "float32")
    assert np.array_equal(projections(x), x)
    assert float(sum(projections.losses)) == pytest.approx(0.5 * expected, rel=1e-5)


def test_as_many_layers_as_the_teacher():
    with pytest.raises(UserError, match="Received: 1 for a teacher of 2"):
        SharedProjections(bert(8), bert(4, num_layers=1), epsilon=1.0)


def test_a_decomposed_teacher():
    factors = {"protocol": "III", "rank": 4}
    teacher = CompactBertBackbone.from_bert(bert(8), encoder_factors=factors)
    with pytest.raises(UserError, match="Received: a decomposed encoder"):
        SharedProjections(teacher, bert(4), epsilon=1.0)


def test_the_student_reads_the_same_words_by_its_own_pieces(tokenizer):
    inputs = PieceInputs(WordPieceTable(tokenizer, ["the", "film"]))
    objective = StudentMaskedPieces(bert(4), inputs, None)
    batch = Batch(np.array([[0, 1], [1, -1]], "int32"), 0, None, None)
    x, y, weights = objective.targets(Example(batch, None, {}, None), np.random.default_rng(0))
    encoder = ("student_token_ids", "student_padding_mask", "student_segment_ids")
    assert set(x) == {*encoder, "mask_positions"}
    assert x["student_padding_mask"].sum(axis=1).tolist() == [5, 4]
    expected = [tokenizer.token_to_id(piece) for piece in ("the", "f", "##ilm")]
    asked = x["mask_positions"][0, 0]
    assert y["masked_pieces"][0, 0] == expected[asked - 1]
