"""Tests of the losses of hidden states and attention scores, worked out beside Keras."""

import keras
import numpy as np
import pytest

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.distillation.attention_scores import attention_scores
from eelbert_tf.distillation.layer_imitation import LayerImitation, layer_pairs
from eelbert_tf.distillation.reading import Reading
from eelbert_tf.errors import UserError
from eelbert_tf.pretraining.pretraining_model import Examples, pretraining_model
from eelbert_tf.pretraining.sequences import SequenceBatches
from tests import toy
from tests.distillation.conftest import bert


def losses(student, teacher, rows, layers=None):
    """The losses of the first batch, and what the two read of it."""
    words, _ = rows.words()
    reads = Reading(student, words), Reading(teacher, words)
    objective = LayerImitation(student.backbone, teacher.backbone, reads, layers)
    model = pretraining_model(student.backbone, [objective], keras.optimizers.SGD())
    model.run_eagerly = True
    examples = Examples(SequenceBatches(rows, tokens=400), reads[0], [objective])
    _, part_of = next(examples.from_step(0))
    x, y, weights = part_of(0, 1)
    result = model.test_on_batch(x, y, weights, return_dict=True)
    numbers = next(examples.batches.from_step(0)).numbers
    return result, [read(numbers) for read in reads]


def states(backbone, x):
    """The input of each layer, and the output of the last."""
    layers = backbone.transformer_layers
    outputs = [backbone.get_layer("embeddings_dropout").output, *(la.output for la in layers)]
    return [np.asarray(state) for state in keras.Model(backbone.input, outputs)(x)]


def test_same_tokens_place_by_place(teacher, tokenizer, rows):
    student = EncoderPreset(bert(seed=1, num_layers=1), tokenizer)
    result, [(x, _), _] = losses(student, teacher, rows)
    mask = x["padding_mask"]
    assert not mask.all()
    own, its = (states(encoder.backbone, x) for encoder in (student, teacher))
    by_hand = ((own[1] - its[2]) ** 2).mean(axis=2)[mask].mean()
    assert result["hidden_states_1_2_loss"] == pytest.approx(by_hand, rel=1e-4)
    own = attention_scores(student.backbone.transformer_layers[0], own[0])
    its = attention_scores(teacher.backbone.transformer_layers[1], its[1])
    errors = ((np.asarray(own) - np.asarray(its)) ** 2).mean(axis=1)  # over both heads
    by_hand = errors[mask[:, :, None] & mask[:, None, :]].mean()
    assert result["attention_scores_1_2_loss"] == pytest.approx(by_hand, rel=1e-4)
    assert result["loss"] == pytest.approx(sum(result.values()) - result["loss"], rel=1e-4)


def test_a_student_that_is_its_teacher_has_nothing_to_learn(teacher, rows):
    result, _ = losses(teacher, teacher, rows, layers=((1, 1), (2, 2)))
    assert len(result) == 5
    assert max(result.values()) < 1e-8


def test_other_tokens_word_by_word(teacher, rows):
    student = EncoderPreset(toy.with_random_weights(toy.backbone()), toy.preprocessor())
    result, [(x, words), (its_x, its_words)] = losses(student, teacher, rows)
    own, its = states(student.backbone, x)[-1], states(teacher.backbone, its_x)[-1]
    errors = []
    for row in range(len(words)):
        errors.append(((own[row, 0] - its[row, 0]) ** 2).mean())  # [CLS]
        for word in set(words[row]) - {-1}:
            mean = its[row, its_words[row] == word].mean(axis=0)
            [place] = own[row, words[row] == word]
            errors.append(((place - mean) ** 2).mean())
    assert result == {"loss": pytest.approx(np.mean(errors), rel=1e-4)}


def test_other_widths_and_numbers_of_heads(teacher, tokenizer, rows):
    narrow = EncoderPreset(bert(hidden_dim=8, num_heads=4, num_layers=1), tokenizer)
    result, [(x, _), _] = losses(narrow, teacher, rows)
    mask = x["padding_mask"]
    own, its = (states(encoder.backbone, x) for encoder in (narrow, teacher))
    own = attention_scores(narrow.backbone.transformer_layers[0], own[0])
    its = attention_scores(teacher.backbone.transformer_layers[1], its[1])
    errors = (np.asarray(own).mean(axis=1) - np.asarray(its).mean(axis=1)) ** 2
    by_hand = errors[mask[:, :, None] & mask[:, None, :]].mean()
    assert result["attention_scores_1_2_loss"] == pytest.approx(by_hand, rel=1e-4)
    assert result["hidden_states_1_2_loss"] > 0


def test_pairs_of_layers():
    student, teacher = toy.backbone(), bert()
    assert layer_pairs(student, teacher) == [(1, 2)]
    assert layer_pairs(student, teacher, [[1, 1]]) == [(1, 1)]
    for wrong in ((0, 1), (2, 1), (1, 3)):
        with pytest.raises(UserError, match=f"1 to 1, .* 1 to 2. Received: {wrong[0]}:{wrong[1]}"):
            layer_pairs(student, teacher, [wrong])
