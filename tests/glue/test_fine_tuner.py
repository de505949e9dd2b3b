"""Tests of the training loop: it is AdamW, and starting anew is as good as building anew."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.glue.fine_tuner import FineTuner, learning_rate, losses
from eelbert_tf.glue.token_cache import TokenCache
from tests import toy

LABELS = np.array([label == "good" for label in toy.LABELS], "int32")
SCORES = np.arange(len(LABELS), dtype="float32") / 5
RATES = (3e-3, 1e-2, 5e-3)


class Setting:
    """A classifier or scorer with its texts as tokens."""

    def __init__(self, regression=False, dropout=0.0):
        keras.utils.set_random_seed(1)
        kind = {"labels": None, "problem_type": "regression"} if regression else {}
        parts = {"backbone": toy.backbone(dropout=dropout), "dropout": dropout}
        self.model = toy.classifier(**parts, **kind)
        self.labels = SCORES if regression else LABELS
        cache = TokenCache(self.model.preprocessor)
        self.rows = cache.encode(toy.TEXTS)
        self.tuner = FineTuner(self.model, regression, cache.tables(), self.rows)
        self.start = self.tuner.layout.read(self.model)

    def trained(self, seed, start=None):
        self.tuner.reset(self.start if start is None else start, seed)
        for number, rate in enumerate(RATES):
            rows = np.arange(number, len(LABELS), 2)
            self.tuner.step(self.rows.batch(rows), self.labels[rows], rate)
        return self.tuner.weights


@pytest.fixture(scope="module")
def plain():
    return Setting()


@pytest.fixture(scope="module")
def dropping():
    return Setting(dropout=0.3)


@pytest.mark.parametrize("regression", [False, True])
def test_it_is_adamw_with_clipped_gradients_and_no_decay_of_biases(regression, plain):
    setting = Setting(regression) if regression else plain
    found = setting.trained(seed=0)
    model = setting.model
    np.testing.assert_array_equal(setting.tuner.layout.read(model), setting.start)
    optimizer = keras.optimizers.AdamW(1.0, weight_decay=0.01, global_clipnorm=1.0)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    loss = keras.losses.MeanSquaredError()
    if not regression:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for number, rate in enumerate(RATES):
        rows = range(number, len(LABELS), 2)
        x = model.preprocessor(tf.constant([toy.TEXTS[row] for row in rows]))
        optimizer.learning_rate = rate
        with tf.GradientTape() as tape:
            value = loss(setting.labels[list(rows)], model(x, training=True))
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
    expected = setting.tuner.layout.read(model)
    setting.tuner.layout.write(model, setting.start)
    assert np.abs(expected - setting.start).max() > 0.01
    # Where a gradient is all but 0, Adam divides noise by noise.
    assert np.quantile(np.abs(found - expected), 0.99) < 1e-4


def test_logits_are_those_of_the_model(plain):
    weights = plain.trained(seed=0)
    found = plain.tuner.logits(plain.rows.batch(np.arange(5)))
    plain.tuner.layout.write(plain.model, weights)
    expected = toy.outputs(plain.model, tf.constant(toy.TEXTS[:5]))
    plain.tuner.layout.write(plain.model, plain.start)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_starting_anew_is_building_anew(dropping):
    first = dropping.trained(seed=3)
    dropping.trained(seed=4)
    np.testing.assert_array_equal(dropping.trained(seed=3), first)
    np.testing.assert_array_equal(Setting(dropout=0.3).trained(seed=3), first)


def test_the_seed_is_that_of_dropout(dropping, plain):
    assert np.abs(dropping.trained(seed=3) - dropping.trained(seed=4)).max() > 1e-3
    np.testing.assert_array_equal(plain.trained(seed=3), plain.trained(seed=4))


def test_the_rate_rises_for_a_tenth_and_falls_to_nothing():
    rates = [learning_rate(0.5, step, 100) for step in range(100)]
    assert rates[0] == pytest.approx(0.05)
    assert max(rates) == rates[9] == rates[10] == 0.5
    assert rates[55] == pytest.approx(0.25)
    assert 0 < rates[-1] < 0.01
    assert learning_rate(0.5, 0, 1) == 0.5


def test_losses():
    logits = np.array([[0.0, np.log(3.0)], [1000.0, 0.0]])
    found = losses(np.array([1, 1]), logits, regression=False)
    np.testing.assert_allclose(found, [np.log(4 / 3), 1000.0])
    found = losses(np.array([1.0, 2.0]), np.array([[3.0], [2.0]]), regression=True)
    np.testing.assert_allclose(found, [4.0, 0.0])
