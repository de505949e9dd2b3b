"""Tests of the fused AdamW: it takes the steps of Keras' own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.training.fused_adamw import FusedAdamW
from tests import toy

IDS = np.array([[1, 2, 4, 5], [3, 7, 0, 6]])
REPEATED = np.array([[1, 2, 1, 5], [3, 3, 0, 6]])
TARGETS = np.array([[0.5], [-1.0]])


def model():
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((4,), dtype="int32"),
            keras.layers.Embedding(8, 3),
            keras.layers.Flatten(),
            keras.layers.LayerNormalization(),
            keras.layers.Dense(1),
        ]
    )


def trained(optimizer_class, run_eagerly=False, ids=IDS, **settings):
    made = model()
    optimizer = optimizer_class(
        keras.optimizers.schedules.CosineDecay(0.0, 20, warmup_target=0.05, warmup_steps=3),
        **settings,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    made.compile(optimizer, "mean_squared_error", run_eagerly=run_eagerly)
    made.fit(ids, TARGETS, epochs=12, verbose=0)
    return made.get_weights(), [np.asarray(value) for value in optimizer.variables]


@pytest.mark.parametrize("run_eagerly", [False, True])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"weight_decay": 0.3, "beta_2": 0.98, "epsilon": 1e-4},
        {"global_clipnorm": 0.1},
        {"amsgrad": True},
        {"gradient_accumulation_steps": 2},
    ],
)
def test_steps_are_those_of_keras(settings, run_eagerly):
    for found, expected in zip(
        trained(FusedAdamW, run_eagerly, **settings),
        trained(keras.optimizers.AdamW, run_eagerly, **settings),
        strict=True,
    ):
        for own, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(own, other, rtol=1e-3, atol=1e-5)


def test_gradients_of_a_row_that_occurs_twice_are_added_up_before_they_are_squared():
    """Keras squares them one by one, but where it clips, which makes them dense."""
    found = trained(FusedAdamW, ids=REPEATED)
    expected = trained(keras.optimizers.AdamW, ids=REPEATED, global_clipnorm=1e9)
    for own, other in zip(found[0], expected[0], strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-3, atol=1e-5)


def test_a_variable_is_one_operation():
    made = model()
    optimizer = FusedAdamW(1e-3)
    optimizer.build(made.trainable_variables)

    @tf.function
    def step():
        optimizer.apply([tf.ones_like(v) for v in made.trainable_variables])

    names = [operation.type for operation in step.get_concrete_function().graph.get_operations()]
    assert names.count("ResourceApplyAdam") == len(made.trainable_variables)


@pytest.mark.parametrize("ids", [IDS, REPEATED])
def test_replicas_take_the_same_steps(ids):
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        found = trained(FusedAdamW, ids=ids)[0]
    for own, other in zip(found, trained(FusedAdamW, ids=ids)[0], strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-5, atol=1e-7)


def test_a_compiled_model_comes_back_with_it(tmp_path):
    task = toy.classifier()
    task.compile(FusedAdamW(2e-3, weight_decay=0.1))
    task.fit(toy.TEXTS, toy.LABELS, epochs=1, verbose=0)
    task.save(tmp_path / "model.keras")
    optimizer = keras.saving.load_model(tmp_path / "model.keras").optimizer
    assert isinstance(optimizer, FusedAdamW)
    assert optimizer.weight_decay == 0.1
    for own, other in zip(optimizer.variables, task.optimizer.variables, strict=True):
        np.testing.assert_array_equal(own, other)
