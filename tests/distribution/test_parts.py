"""Parts of batches."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.distribution.parts import part


@given(st.integers(1, 40), st.integers(1, 7), st.integers(1, 4))
def test_parts_share_no_row_and_leave_none_out(rows, count, multiple):
    x = {"a": np.arange(rows), "b": np.arange(rows)[:, None] * [1, 10]}
    weights = np.random.default_rng(rows).random((rows, 3)).astype("float32")
    parts = [part((x, np.arange(rows), weights), i, count, multiple) for i in range(count)]
    assert len({len(y) for _, y, _ in parts}) == 1
    assert len(parts[0][1]) % multiple == 0
    taken = []
    for own_x, y, own in parts:
        assert np.array_equal(own_x["a"], y) and np.array_equal(own_x["b"], y[:, None] * [1, 10])
        taken += y[own.max(axis=1) > 0].tolist()
    assert taken == np.flatnonzero(weights.max(axis=1) > 0).tolist()


@given(st.integers(1, 40), st.integers(1, 7))
def test_the_mean_of_the_parts_is_that_of_the_batch(rows, count):
    random = np.random.default_rng(rows)
    losses, weights = random.random((2, rows)).astype("float32")
    means = []
    for index in range(count):
        _, own, own_weights = part((losses, losses, weights), index, count)
        means.append((own * own_weights).mean())
    np.testing.assert_allclose(np.mean(means), (losses * weights).mean(), rtol=1e-5)
