"""Tests of which weights are compressed, and how they are laid out."""

import keras
import numpy as np
import pytest

from eelbert_tf.compression.matrices import matrices, weight_report
from eelbert_tf.errors import UserError
from tests.compression.any_model import any_model


def test_matrices_and_tables_are_found_and_small_weights_and_biases_are_not():
    found = {m.path: (m.shape, m.is_table) for m in matrices(any_model())}
    assert found == {
        "table/embeddings": ((40, 32), True),
        "heads/kernel": ((32, 32), False),
        "joined/kernel": ((32, 32), False),
        "convolution/kernel": ((16, 96), False),
        "wide/kernel": ((48, 64), False),
    }


def test_a_row_is_an_output_or_an_entry():
    model = any_model()
    found = {matrix.path: matrix for matrix in matrices(model)}
    x = np.random.default_rng(1).normal(size=(5, 32)).astype("float32")
    heads = found["heads/kernel"]
    expected = np.asarray(model.get_layer("heads")(x[None]))[0].reshape(5, 32)
    assert np.allclose(x @ np.asarray(heads.rows(heads.variable)).T, expected, atol=1e-5)
    for matrix in found.values():
        values = np.asarray(matrix.variable)
        assert (np.asarray(matrix.restored(matrix.rows(values))) == values).all()
    table = found["table/embeddings"]
    assert (np.asarray(table.rows(table.variable)) == np.asarray(table.variable)).all()


def test_report():
    model = any_model()
    report = weight_report(model)
    assert (report["matrices"], report["numbers"]) == (5, 1280 + 1024 + 1024 + 1536 + 3072)
    assert report["sparsity"] == 0.0
    wide = model.get_layer("wide").kernel
    values = np.zeros(wide.shape, "float32")
    values[0] = 1.0
    wide.assign(values)
    assert weight_report(model)["sparsity"] == pytest.approx((3072 - 48) / 7936)
    for matrix in matrices(model):
        matrix.variable.assign(np.sign(matrix.variable))
    assert weight_report(model)["distinct_values"] == 2


def test_what_has_no_matrices():
    small = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)])
    with pytest.raises(UserError, match="a trainable weight of at least 1024 numbers"):
        matrices(small)
    frozen = any_model()
    frozen.trainable = False
    with pytest.raises(UserError, match="It has none"):
        matrices(frozen)


def test_another_backend(monkeypatch):
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    with pytest.raises(UserError, match="TensorFlow backend. Received: backend jax."):
        matrices(any_model())
