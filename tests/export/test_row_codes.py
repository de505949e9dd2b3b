"""Tests of rows in few bits."""

import numpy as np
import pytest

from eelbert_tf.export.row_codes import encode_rows, pack_halves, pack_int4

ROWS = np.random.default_rng(0).normal(0.0, [[0.01], [1.0], [30.0]], (3, 64)).astype("float32")


@pytest.mark.parametrize("bits, limit, error", [(8, 127, 0.01), (4, 7, 0.13)])
def test_each_row_has_its_own_scale(bits, limit, error):
    codes, scales = encode_rows(ROWS, bits)
    assert (codes.dtype, scales.dtype) == (np.int8, np.float32)
    assert np.abs(codes).max(axis=1).tolist() == [limit] * 3
    errors = np.abs(codes * scales[:, None] - ROWS)
    assert (np.sqrt(np.square(errors).mean(axis=1)) < error * ROWS.std(axis=1)).all()


def test_with_4_bits_the_scale_is_one_that_loses_less():
    codes, scales = encode_rows(ROWS, 4)
    simple = np.abs(ROWS).max(axis=1, keepdims=True) / 7
    lost = np.square(codes * scales[:, None] - ROWS).sum(axis=1)
    assert (lost <= np.square(np.rint(ROWS / simple) * simple - ROWS).sum(axis=1) + 1e-6).all()


@pytest.mark.parametrize("bits", [8, 4])
def test_rows_of_zeros(bits):
    codes, scales = encode_rows(np.zeros((2, 4), "float32"), bits)
    assert not codes.any()
    assert np.isfinite(scales).all()


CODES = np.array([[-7, 7, 0, -1], [1, 2, 3, -8]], "int8")


def test_packed_for_litert():
    assert pack_int4(CODES).tolist() == [0x79, 0xF0, 0x21, 0x83]


def test_packed_for_arithmetic():
    packed = pack_halves(CODES)
    assert packed.dtype == np.uint8
    unpacked = np.concatenate([packed // 16, packed % 16], axis=1).astype("int8") - 8
    assert unpacked.tolist() == CODES.tolist()
