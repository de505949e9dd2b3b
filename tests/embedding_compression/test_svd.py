import numpy as np

from eelbert_tf.embedding_compression.factors import row_measures
from eelbert_tf.embedding_compression.svd import svd_factors


def table(rows=60, dim=12, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, dim)).astype("float32")


def test_it_is_the_truncated_svd():
    x = table()
    u, s, v = np.linalg.svd(x, full_matrices=False)
    for rank in (1, 5, 12):
        factors = svd_factors(x, rank)
        best = (u[:, :rank] * s[:rank]) @ v[:rank]
        np.testing.assert_allclose(factors.table(), best, atol=1e-5)
        assert [w.shape for w in factors.weights] == [(60, rank), (rank, 12), (12,)]


def test_its_error_is_that_of_the_singular_values_left_out():
    x = table()
    s = np.linalg.svd(x, compute_uv=False)
    lost = row_measures(x, svd_factors(x, 4).table())["l2"] * len(x)
    np.testing.assert_allclose(lost, (s[4:] ** 2).sum(), rtol=1e-4)


def test_more_columns_than_rows():
    x = table(rows=5, dim=12)
    np.testing.assert_allclose(svd_factors(x, 5).table(), x, atol=1e-5)


def test_row_measures_by_hand():
    x, y = np.array([[3.0, 4.0], [1.0, 0.0]]), np.array([[6.0, 8.0], [0.0, 2.0]])
    measures = row_measures(x, y)
    assert np.isclose(measures["cosine_distance"], 0.5)  # 0 and 1
    assert np.isclose(measures["l2"], 15.0)  # 9 + 16, and 1 + 4
