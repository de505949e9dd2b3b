"""Tests of fine-tuning a preset."""

import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.data.examples import Examples
from eelbert_tf.runtimes.keras_runtime import keras_predictor
from eelbert_tf.training.evaluate import evaluate
from eelbert_tf.training.fine_tune import fine_tune, new_classifier, optimizer
from tests import toy

SETTINGS = {"epochs": 1, "batch_size": 8, "max_words": 12, "verbose": 0}


def test_a_classifier_learns_its_texts(classifier, examples, pretrained):
    assert classifier.labels == ["bad", "good"]
    assert classifier.preprocessor.max_words == 12
    assert int(classifier.optimizer.iterations) == 3 * 30
    metrics = evaluate(keras_predictor(classifier, pair=False), examples)
    expected = {"accuracy": 1.0, "macro_f1": 1.0, "count": 24, "majority_accuracy": 0.5}
    assert metrics == expected


def test_numbers_are_scores_and_pairs_are_pairs(pretrained):
    texts, pairs = toy.TEXTS, toy.TEXTS[::-1]
    examples = Examples(texts, pairs, [float(len(text)) for text in texts], "pairs.tsv")
    task = fine_tune(examples, pretrained, validation=examples, distortion_rate=0.1, **SETTINGS)
    assert (task.problem_type, task.num_classes, task.labels) == ("regression", 1, None)
    assert task.preprocessor.distortion_rate == 0.1
    assert "val_rmse" in task.history.history
    assert (task.pooling, task.cross_attention) == ("aligned_pair", False)
    metrics = evaluate(keras_predictor(task, pair=True), examples)
    predictions = toy.outputs(task, (tf.constant(texts), tf.constant(pairs)))[:, 0]
    error = np.abs(predictions - examples.labels).mean()
    assert metrics["mean_absolute_error"] == pytest.approx(error, rel=1e-5)


def test_a_new_head_answers_the_mean_of_the_scores(pretrained):
    examples = Examples(toy.TEXTS, None, [100.0 + len(text) for text in toy.TEXTS], "scores.tsv")
    task = new_classifier(examples, pretrained, max_words=12, distortion_rate=0.0, seed=0)
    mean = np.mean(examples.labels)
    np.testing.assert_allclose(toy.outputs(task, toy.TEXTS)[:, 0], mean, rtol=1e-2)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"epochs": 0}, "`epochs` must be at least 1. Received: epochs=0."),
        ({"batch_size": 0}, "`batch_size` must be at least 1. Received: batch_size=0."),
        ({"learning_rate": 0.0}, "`learning_rate` must be above 0. Received: learning_rate=0.0."),
        ({"learning_rate": float("nan")}, "`learning_rate` must be above 0."),
        ({"preset": "eelbert"}, "`preset` must be one of eelbert_base, eelbert_mini"),
        ({"max_words": 22}, "`max_words` must be at most 21"),
        ({"train": Examples(["a", "b"], None, ["x", "x"], "one.tsv")}, "only 'x' in one.tsv"),
    ],
)
def test_what_cannot_be_trained(changes, message, examples, pretrained):
    settings = {"train": examples, "preset": pretrained, **SETTINGS, **changes}
    with pytest.raises(ValueError, match=message):
        fine_tune(settings.pop("train"), settings.pop("preset"), **settings)


@pytest.mark.parametrize("steps", [1, 10, 200])
def test_the_learning_rate_rises_for_a_tenth_and_falls_to_nothing(steps):
    schedule = optimizer(0.5, steps)._learning_rate
    rates = [float(schedule(step)) for step in range(steps + 1)]
    assert rates[0] == 0.0
    assert max(rates) == rates[max(1, steps // 10)] == pytest.approx(0.5)
    if steps > 1:
        assert rates[-1] == pytest.approx(0.0, abs=1e-6)
