"""Stage I: vectors of both tables in one space, and the head that is asked."""

import keras
import numpy as np
import pytest

from eelbert_tf.mixed_vocabulary.mixed_embedding import MixedEmbedding
from eelbert_tf.mixed_vocabulary.mixed_inputs import MixedInputs
from eelbert_tf.mixed_vocabulary.mixed_teacher import MixedMaskedPieces, mixed_teacher
from eelbert_tf.mixed_vocabulary.student import student_backbone
from eelbert_tf.models.compact_bert_backbone import CompactBertBackbone
from eelbert_tf.pretraining.objectives import Example
from eelbert_tf.pretraining.pretraining_model import pretraining_model
from tests import toy

WORDS = ["the", "film", "sea"]


@pytest.fixture(scope="module")
def inputs(source, tokenizer):
    return MixedInputs(source.tokenizer, tokenizer, WORDS)


@pytest.fixture(scope="module")
def student(tokenizer):
    return toy.with_random_weights(student_backbone("1x8", tokenizer.vocabulary_size()))


def test_the_affine_map_brings_the_students_rows_to_the_teachers_width():
    teacher, student = (keras.layers.Embedding(2, width) for width in (3, 2))
    layer = MixedEmbedding(teacher, student)
    layer(np.zeros((1, 1), "int32"))
    teacher.set_weights([np.array([[1, 2, 3], [4, 5, 6]])])
    student.set_weights([np.array([[1, 0], [1, 1]])])
    layer.affine.set_weights([np.array([[1, 2, 0], [0, 1, 1]]), np.array([0, 0, 10])])
    vectors = layer(np.array([[1, 2, 3]], "int32"))
    assert np.asarray(vectors).tolist() == [[[4, 5, 6], [1, 2, 10], [1, 3, 11]]]
    assert len(layer.trainable_variables) == 4


def test_the_teachers_pieces_alone_are_read_as_before(source, student, inputs):
    rows, _ = inputs(np.array([[0, 1, 2]], "int32"), 0.0, np.random.default_rng(0))
    mixed = mixed_teacher(source.backbone, student)
    received = mixed(rows)["sequence_output"]
    np.testing.assert_allclose(received, source.backbone(rows)["sequence_output"], atol=1e-6)


def asked(inputs, probability, seed=0):
    """Rows before, and what `MixedMaskedPieces` asks of them."""
    rng = np.random.default_rng(seed)
    rows, word_index = inputs(rng.integers(3, size=(60, 20)).astype("int32"), probability, rng)
    objective = MixedMaskedPieces(None, None, inputs)  # backbones are for the heads
    before = {name: array.copy() for name, array in rows.items()}
    return before, objective.targets(Example(None, None, rows, word_index), rng)


def test_each_piece_is_asked_by_the_head_of_its_vocabulary(inputs):
    before, (x, y, weights) = asked(inputs, 0.5)
    ids, changed, offset = before["token_ids"], x["token_ids"], inputs.offset
    places = set()
    for name, first in (("teacher", 0), ("student", offset)):
        positions = x[f"{name}_positions"]
        labels, weight = y[f"{name}_pieces"], weights[f"{name}_pieces"] > 0
        assert labels.shape == positions.shape == weight.shape and weight.any()
        original = np.take_along_axis(ids, positions, axis=1)
        shown = np.take_along_axis(changed, positions, axis=1)
        assert (original[weight] - first == labels[weight]).all()
        # What stands there now is of the same vocabulary.
        assert ((shown[weight] >= offset) == (name == "student")).all()
        hidden = (shown == inputs.mask_ids[int(name == "student")])[weight].mean()
        assert hidden == pytest.approx(0.8, abs=0.12)
        places |= {(row, positions[row, k]) for row, k in zip(*np.nonzero(weight))}
    different = {tuple(place) for place in np.argwhere(ids != changed)}
    assert different <= places
    inside = before["padding_mask"].sum() - 2 * len(ids)
    assert len(places) / inside == pytest.approx(0.15, abs=0.02)


def test_the_losses_add_up_to_the_mean_over_all_that_is_asked(inputs):
    _, (_, _, weights) = asked(inputs, 0.5)
    assert sum(weight.mean() for weight in weights.values()) == pytest.approx(1.0)


def test_a_vocabulary_that_is_not_there_is_not_asked(inputs):
    _, (x, y, weights) = asked(inputs, 0.0)
    assert not weights["student_pieces"].any()
    assert weights["teacher_pieces"].mean() == pytest.approx(1.0)
    assert x["student_positions"].shape == (60, 1) and (y["student_pieces"] == 0).all()


@pytest.mark.parametrize("token_rank", [None, 4])
def test_the_heads_share_the_tables(source, student, inputs, token_rank):
    """Those of a teacher whose table is factorised, too."""
    teacher = CompactBertBackbone.from_bert(source.backbone, token_rank=token_rank)
    objective = MixedMaskedPieces(teacher, student, inputs)
    model = pretraining_model(mixed_teacher(teacher, student), [objective], "sgd")
    for name, backbone in (("teacher", teacher), ("student", student)):
        head = model.get_layer(f"{name}_head")
        assert head.token_embedding is backbone.token_embedding
        assert model.output[f"{name}_pieces"].shape[-1] == backbone.vocabulary_size
