"""Tests of `evaluate` and `predict` on whatever people have."""

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from eelbert_tf.errors import UserError
from tests import toy
from tests.models.datasets import dataset

NUMBERS = [int(label == "good") for label in toy.LABELS]
FRAME = pd.DataFrame({"text": toy.TEXTS, "label": toy.LABELS})


def test_evaluate_on_equal_content(classifier):
    expected = classifier.evaluate(toy.TEXTS, toy.LABELS, verbose=0)
    assert expected[1] == 1.0
    for x, y in [(FRAME, FRAME["label"]), (dataset({"text": toy.TEXTS}, NUMBERS), None)]:
        assert classifier.evaluate(x, y, verbose=0) == pytest.approx(expected)
    weighted = classifier.evaluate(
        toy.TEXTS, toy.LABELS, sample_weight=np.zeros(len(toy.TEXTS)), verbose=0
    )
    assert weighted[0] == 0.0


def test_predict_keeps_the_order_whatever_the_lengths(classifier):
    texts = [*toy.TEXTS, *toy.ODD_TEXTS]
    expected = toy.outputs(classifier, texts)
    assert np.ptp(expected[:, 0]) > 1.0
    for batch_size in (None, 3):
        logits = classifier.predict(texts, batch_size=batch_size, verbose=0)
        np.testing.assert_allclose(logits, expected, atol=1e-4)


def test_predict_on_equal_content(classifier):
    expected = toy.outputs(classifier, toy.TEXTS)
    kinds = [
        FRAME,
        tf.constant(toy.TEXTS),
        dataset(toy.TEXTS, NUMBERS),
        dataset({"text": toy.TEXTS}),
    ]
    for x in [*kinds, classifier.preprocessor(toy.TEXTS)]:
        np.testing.assert_allclose(classifier.predict(x, verbose=0), expected, atol=1e-4)


def test_predict_pairs(pair_classifier):
    pairs = list(zip(toy.TEXTS, reversed([*toy.TEXTS[:17], *toy.ODD_TEXTS])))
    expected = toy.outputs(pair_classifier, tuple(tf.constant(column) for column in zip(*pairs)))
    assert np.ptp(expected[:, 0]) > 0.1
    frame = pd.DataFrame(pairs, columns=["text", "text_pair"])
    for x in [pairs, tuple(zip(*pairs)), frame]:
        np.testing.assert_allclose(pair_classifier.predict(x, verbose=0), expected, atol=1e-5)
    one = pair_classifier.predict(pairs[3], verbose=0)
    np.testing.assert_allclose(one, expected[3:4], atol=1e-5)


def test_predictions_are_not_distorted(classifier):
    noisy = toy.classifier(preprocessor=toy.preprocessor(distortion_rate=0.9))
    noisy.set_weights(classifier.get_weights())
    expected = toy.outputs(classifier, toy.TEXTS)
    np.testing.assert_allclose(noisy.predict(toy.TEXTS, verbose=0), expected, atol=1e-4)


def test_predict_needs_a_text(classifier):
    with pytest.raises(UserError, match="at least one text. Received: none."):
        classifier.predict([], verbose=0)
