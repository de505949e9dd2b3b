"""Tests of pruning while a model trains."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.compression.matrices import matrices
from eelbert_tf.compression.pruning import MagnitudePruning, parse_pattern
from eelbert_tf.errors import UserError
from tests.compression.any_model import any_model, data, fitted


def zeros(model):
    """The share of zeros in each matrix."""
    return {m.path: float((np.asarray(m.variable) == 0).mean()) for m in matrices(model)}


@pytest.mark.parametrize("schedule", ["polynomial", "constant"])
def test_each_matrix_reaches_the_sparsity(schedule):
    shares = zeros(fitted(MagnitudePruning(sparsity=0.75, schedule=schedule)))
    assert len(shares) == 5
    assert shares == pytest.approx(dict.fromkeys(shares, 0.75), abs=1e-3)


def test_the_largest_numbers_stay():
    model = any_model()
    kernel = model.get_layer("wide").kernel
    before = np.abs(np.asarray(kernel))
    pruning = MagnitudePruning(sparsity=0.9, schedule="constant")
    pruning.set_model(model)
    pruning.set_params({"steps": 1, "epochs": 1})
    pruning.on_train_begin()
    kept = np.asarray(kernel) != 0
    assert before[kept].min() >= before[~kept].max()


def test_sparsity_grows_over_half_of_the_training():
    seen = []

    class Watch(MagnitudePruning):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)
            seen.append(zeros(self.model)["wide/kernel"])

    fitted(Watch(sparsity=0.8), epochs=2)
    assert len(seen) == 16
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[3] < seen[7] == pytest.approx(0.8, abs=1e-3)
    assert seen[7:] == [seen[7]] * 9


def test_a_schedule_of_ones_own():
    from eelbert_tf.compression.tfmot import PolynomialDecay

    schedule = PolynomialDecay(0.2, 0.5, begin_step=2, end_step=6, frequency=2)
    shares = zeros(fitted(MagnitudePruning(schedule=schedule)))
    assert shares == pytest.approx(dict.fromkeys(shares, 0.5), abs=1e-3)


@pytest.mark.parametrize("pattern", ["2:4", "5:8"])
def test_pattern_holds_in_the_rows_of_the_tflite(pattern):
    count, size = parse_pattern(pattern)
    for matrix in matrices(fitted(MagnitudePruning(pattern=pattern))):
        groups = np.asarray(matrix.rows(matrix.variable)).reshape(-1, size)
        assert ((groups == 0).sum(axis=1) == count).all(), matrix.path


def test_rows_that_cannot_have_the_pattern():
    with pytest.raises(UserError, match="of 4. Received: convolution/kernel with rows of 102"):
        fitted(MagnitudePruning(pattern="2:4"), model=any_model(width=34))


def test_number_of_batches_must_be_known():
    x, y = data()
    batches = tf.data.Dataset.from_generator(
        lambda: ((x[i : i + 8], y[i : i + 8]) for i in range(0, len(x), 8)),
        output_signature=(tf.TensorSpec((8, 6), "int32"), tf.TensorSpec((8,), "int64")),
    )
    model, how = any_model(), {"callbacks": [MagnitudePruning()], "verbose": 0, "shuffle": False}
    with pytest.raises(UserError, match="known number of batches.*steps_per_epoch"):
        model.fit(batches, **how)
    model.fit(batches.repeat(), steps_per_epoch=4, **how)
    assert zeros(model)["wide/kernel"] == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"sparsity": 0.0}, "`sparsity` must be between 0 and 1. Received: sparsity=0.0."),
        ({"sparsity": 1.0}, "Received: sparsity=1.0."),
        ({"sparsity": float("nan")}, "Received: sparsity=nan."),
        ({"sparsity": 0.5, "pattern": "2:4"}, "`sparsity` and `pattern` exclude each other"),
        ({"schedule": "linear"}, "one of polynomial, constant. Received: 'linear'"),
        ({"pattern": "4:4"}, "`pattern` must be like 2:4"),
        ({"pattern": "dense"}, "Received: 'dense'"),
    ],
)
def test_settings_out_of_range(settings, message):
    with pytest.raises(UserError, match=message):
        MagnitudePruning(**settings)


@given(st.integers(1, 20), st.integers(1, 20))
def test_patterns(zeros, more):
    assert parse_pattern(f"{zeros}:{zeros + more}") == (zeros, zeros + more)
    with pytest.raises(UserError):
        parse_pattern(f"{zeros + more}:{zeros}")
