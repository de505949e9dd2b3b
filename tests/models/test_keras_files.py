"""Tests of `.keras` files: they come back whole, and training goes on."""

import keras
import numpy as np
import pytest

from eelbert_tf import models
from tests import toy
from tests.models.test_presets import TASKS, answers


@pytest.mark.parametrize("make", TASKS.values(), ids=TASKS)
def test_untrained_tasks_come_back_exactly(make, tmp_path):
    task = toy.with_random_weights(make())
    task.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded) is type(task)
    assert loaded.get_config() == task.get_config()
    assert np.array_equal(answers(loaded), answers(task))


def test_backbones_and_layers_come_back(tmp_path):
    backbone = toy.with_random_weights(toy.backbone())
    backbone.save(tmp_path / "backbone.keras")
    loaded = keras.models.load_model(tmp_path / "backbone.keras")
    inputs = toy.preprocessor()(toy.TEXTS)
    assert type(loaded) is models.EelbertBackbone
    assert np.array_equal(loaded(inputs), backbone(inputs))


def test_training_goes_on_as_if_never_saved(tmp_path):
    settings = {"batch_size": 24, "shuffle": False, "verbose": 0}
    task = toy.with_random_weights(toy.classifier())
    task.compile(keras.optimizers.AdamW(1e-2, weight_decay=0.1), run_eagerly=True)
    task.fit(toy.TEXTS, toy.LABELS, epochs=2, **settings)
    task.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert int(loaded.optimizer.iterations) == 2
    uninterrupted = task.fit(toy.TEXTS, toy.LABELS, epochs=3, **settings).history
    history = loaded.fit(toy.TEXTS, toy.LABELS, epochs=3, **settings).history
    assert history == uninterrupted
    assert history["loss"][2] < history["loss"][0]
    for weight, expected in zip(loaded.get_weights(), task.get_weights(), strict=True):
        assert np.array_equal(weight, expected)
