"""Tests of a teacher's answers, and of their loss."""

import keras
import numpy as np
import pytest

from eelbert_tf.distillation.answers import SoftCrossEntropy, answer_targets, check_answers
from eelbert_tf.errors import UserError
from tests import toy


def softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


def test_a_hand_worked_loss():
    y_true = np.array([[0.75, 0.25, 1.0, 0.0]], "float32")
    logits = np.array([[0.0, np.log(3.0)]], "float32")  # 1/4 and 3/4; at temperature 2: by root 3
    root = 3**0.5
    of_teacher = -(0.75 * np.log(1 / (1 + root)) + 0.25 * np.log(root / (1 + root)))
    by_hand = 0.75 * 4 * of_teacher + 0.25 * np.log(4)
    assert float(SoftCrossEntropy(2.0, 0.25)(y_true, logits)) == pytest.approx(by_hand, rel=1e-5)
    plain = keras.losses.CategoricalCrossentropy(from_logits=True)
    expected = float(plain(y_true[:, :2], logits))
    assert float(SoftCrossEntropy()(y_true, logits)) == pytest.approx(expected, rel=1e-5)
    expected = float(plain(y_true[:, 2:], logits))
    assert float(SoftCrossEntropy(3.0, 1.0)(y_true, logits)) == pytest.approx(expected, rel=1e-5)


def test_the_loss_can_be_saved():
    config = SoftCrossEntropy(2.0, 0.25).get_config()
    assert SoftCrossEntropy.from_config(config).get_config() == config


def test_columns_are_in_the_students_order(pair_classifier):
    student = toy.uncompiled(toy.classifier(labels=["yes", "no", "maybe"]))
    x, labels = (toy.GOOD[:3], toy.BAD[:3]), ["maybe", "yes", "no"]
    targets = answer_targets(pair_classifier, student, x, labels, temperature=2.0)
    soft = softmax(pair_classifier.predict(x, verbose=0) / 2.0)  # no, maybe, yes
    np.testing.assert_allclose(targets[:, :3], soft[:, [2, 0, 1]], rtol=1e-5)
    np.testing.assert_array_equal(targets[:, 3:], [[0, 0, 1], [1, 0, 0], [0, 1, 0]])


def test_what_does_not_fit_is_told(pair_classifier, multi_label_classifier, scorer, embedder):
    check_answers(pair_classifier, ["yes", "no", "maybe"])
    check_answers(scorer, None)
    with pytest.raises(UserError, match="only the teacher knows no; only the student knows never"):
        check_answers(pair_classifier, ["maybe", "never", "yes"])
    with pytest.raises(UserError, match="Received: only the student knows often. Train"):
        check_answers(pair_classifier, ["yes", "no", "maybe", "often"])
    with pytest.raises(UserError, match="a teacher of scores and a student of classes"):
        check_answers(scorer, ["yes", "no"])
    with pytest.raises(UserError, match="a teacher of classes and a student of scores"):
        check_answers(pair_classifier, None)
    with pytest.raises(UserError, match="for multi_label_classification"):
        check_answers(multi_label_classifier, ["x", "y", "z"])
    with pytest.raises(UserError, match="EelbertTextEmbedder without labels"):
        check_answers(embedder, ["x", "y", "z"])
    with pytest.raises(UserError, match="EelbertTextClassifier .* without labels"):
        check_answers(toy.classifier(labels=None, num_classes=2), ["x", "y"])
