"""Tests of training on the grid of int8 and int4."""

import numpy as np
import pytest

from eelbert_tf.compression.matrices import matrices
from eelbert_tf.compression.quantization_aware_training import QuantizationAwareTraining
from eelbert_tf.errors import UserError
from eelbert_tf.export.row_codes import encode_rows
from tests.compression.any_model import any_model, data, fitted, pruned


def rows_of(model):
    return {m.path: np.asarray(m.rows(m.variable)) for m in matrices(model)}


def assert_on_the_grid(rows, bits):
    """The exporter's quantizer finds the very weights."""
    codes, scales = encode_rows(rows, bits)
    assert np.abs(codes).max() == 2 ** (bits - 1) - 1
    assert np.allclose(codes * scales[:, None], rows, rtol=1e-6, atol=0)


@pytest.mark.parametrize("bits", [8, 4])
def test_weights_end_on_the_grid_of_the_exporter(bits):
    for rows in rows_of(fitted(QuantizationAwareTraining(bits, refresh_every=5))).values():
        assert_on_the_grid(rows, bits)


def test_weights_begin_as_the_exporter_rounds_them():
    model = any_model()
    before = rows_of(model)
    callback = QuantizationAwareTraining(4)
    callback.set_model(model)
    callback.on_train_begin()
    for path, rows in rows_of(model).items():
        codes, scales = encode_rows(before[path], 4)
        assert np.allclose(codes * scales[:, None], rows, rtol=1e-6, atol=0), path


def test_steps_smaller_than_the_grid_add_up():
    model = any_model()
    callback = QuantizationAwareTraining(4)
    callback.set_model(model)
    callback.on_train_begin()
    kernel = model.get_layer("wide").kernel
    first = np.asarray(kernel)
    step = np.zeros(first.shape, "float32")
    step[0, 0] = 0.004 * np.sign(first[0, 0] or 1.0)
    moved = []
    for batch in range(40):
        kernel.assign_add(step)
        callback.on_train_batch_end(batch)
        moved.append(float(np.asarray(kernel)[0, 0]))
    assert moved[0] == first[0, 0]
    assert abs(moved[-1]) > abs(first[0, 0])


def test_it_learns():
    x, y = data()
    model = fitted(QuantizationAwareTraining(4), model=any_model(run_eagerly=False), epochs=30)
    assert (np.asarray(model(x)).argmax(axis=1) == y).mean() > 0.9


def test_layers_with_other_bits_and_odd_sizes():
    model = fitted(QuantizationAwareTraining(4, {"wide": 8, "joined/": 8}))
    rows = rows_of(model)
    for path in ("wide/kernel", "joined/kernel"):
        assert_on_the_grid(rows[path], 8)
    assert_on_the_grid(rows["heads/kernel"], 4)
    odd = rows_of(fitted(QuantizationAwareTraining(4), model=any_model(width=33)))
    assert_on_the_grid(odd["table/embeddings"], 8)
    assert_on_the_grid(odd["wide/kernel"], 4)


def test_what_was_pruned_stays_so():
    model = any_model()
    zeros = pruned(model)
    fitted(QuantizationAwareTraining(4), model=model)
    for matrix in matrices(model):
        values = np.asarray(matrix.variable)
        assert (values[zeros[matrix.path]] == 0).all()
        assert_on_the_grid(np.asarray(matrix.rows(values)), 4)


def test_bits_out_of_range():
    with pytest.raises(UserError, match="`bits` must be 8 or 4. Received: bits=2."):
        QuantizationAwareTraining(2)
    with pytest.raises(UserError, match="Received: bits=16."):
        QuantizationAwareTraining(8, {"head": 16})
