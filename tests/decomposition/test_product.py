"""Tests of the decomposition of stacked matrices."""

import sys

import numpy as np
import pytest

from eelbert_tf.decomposition.factors import EncoderFactors
from eelbert_tf.decomposition.product import Product, decomposed
from eelbert_tf.errors import UserError

RANDOM = np.random.default_rng(0).normal(size=(6, 8, 8)).astype("float32")


def error(matrices, factors):
    return float(np.linalg.norm(decomposed(matrices, factors).matrices() - matrices))


@pytest.mark.parametrize(
    "factors", [EncoderFactors("II", 8), EncoderFactors("III", 8), EncoderFactors("IV", 8, 6)]
)
def test_full_ranks_give_the_matrices_back(factors):
    assert error(RANDOM, factors) < 1e-4


def test_by_hand():
    # The first entry and the last alone: of one square each, 3 and 4 times as large.
    square = np.zeros((4, 4), "float32")
    square[0, 3] = 1.0
    product = decomposed(np.stack([3 * square, 4 * square]), EncoderFactors("IV", 1, 1))
    np.testing.assert_allclose(product.matrices(), np.stack([3 * square, 4 * square]), atol=1e-5)
    assert abs(product.bank.item()) == pytest.approx(5.0, rel=1e-5)  # sqrt(3**2 + 4**2)
    np.testing.assert_allclose(np.abs(product.shares[:, 0]), [0.6, 0.8], rtol=1e-5)
    np.testing.assert_allclose(np.abs(product.left[:, 0]), [1, 0, 0, 0], atol=1e-5)
    np.testing.assert_allclose(np.abs(product.right[0]), [0, 0, 0, 1], atol=1e-5)


def test_protocol_two_is_the_nearest_of_its_rank():
    values = np.linalg.svd(RANDOM, compute_uv=False)
    assert error(RANDOM, EncoderFactors("II", 3)) == pytest.approx(
        np.sqrt((values[:, 3:] ** 2).sum()), rel=1e-4
    )


def test_what_is_shared_is_found():
    random = np.random.default_rng(1)
    made = Product(
        *(random.normal(size=shape).astype("float32") for shape in ((8, 3), (3, 8))),
        bank=random.normal(size=(2, 3, 3)).astype("float32"),
        shares=random.normal(size=(6, 2)).astype("float32"),
    ).matrices()
    assert error(made, EncoderFactors("IV", 3, 2)) < 1e-3
    assert error(made, EncoderFactors("III", 3)) < 1e-3
    assert error(made, EncoderFactors("IV", 3, 1)) > 1.0


def test_equal_seeds_give_equal_factors():
    factors = EncoderFactors("IV", 4, 3)
    one, two = (decomposed(RANDOM, factors, seed=3) for _ in range(2))
    assert (one.bank == two.bank).all()
    assert (one.left == two.left).all()


def test_tensorly_is_an_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorly.decomposition", None)
    with pytest.raises(UserError, match=r"pip install 'eelbert_tf\[decomposition\]'"):
        decomposed(RANDOM, EncoderFactors("III", 2))
    assert decomposed(RANDOM, EncoderFactors("II", 2)).left.shape == (6, 8, 2)
