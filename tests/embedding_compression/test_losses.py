import numpy as np
import pytest
from keras import ops

from eelbert_tf.embedding_compression.losses import (
    LOSSES,
    ReconstructionLoss,
    parse_loss,
    power_at,
)
from eelbert_tf.errors import UserError

X = np.array([[3.0, 4.0], [0.0, 2.0]], "float32")
Y = np.array([[4.0, 3.0], [1.0, 0.0]], "float32")


@pytest.mark.parametrize(
    ("weights", "alpha", "expected"),
    [
        # cosines 24 / 25 and 0
        ({"cosine": 1.0}, 1.0, 1 - 0.96 / 2),
        # differences 1, 1, 1, 2
        ({"power": 1.0}, 1.0, 5 / 4),
        ({"power": 1.0}, 0.5, (3 + np.sqrt(2)) / 4),
        ({"l2": 1.0}, 1.0, 7 / 4),
        ({"cosine": 0.5, "power": 2.0, "l2": 3.0}, 1.0, 0.5 * 0.52 + 2 * 1.25 + 3 * 1.75),
        (LOSSES["cosine"], 1.0, 0.1995 * 0.52 + 0.0025 * 1.25),
    ],
)
def test_values_by_hand(weights, alpha, expected):
    np.testing.assert_allclose(float(ReconstructionLoss(**weights)(X, Y, alpha)), expected, 1e-6)


def test_cosine_does_not_see_length_and_l2_does():
    cosine, l2 = ReconstructionLoss(cosine=1.0), ReconstructionLoss(l2=1.0)
    assert abs(float(cosine(X, 3 * X, 1.0))) < 1e-6
    assert float(l2(X, 3 * X, 1.0)) > 1.0


@pytest.mark.parametrize("name", ["cosine", "power", "l2"])
def test_gradients_point_where_the_loss_falls(name):
    import tensorflow as tf

    loss, y = ReconstructionLoss(**{name: 1.0}), tf.Variable(Y)
    with tf.GradientTape() as tape:
        value = loss(X, y, 0.5)
    gradient = tape.gradient(value, y)
    assert float(loss(X, y - 1e-3 * gradient, 0.5)) < float(value)
    direction = ops.sum(gradient * (X - Y), axis=-1)
    assert (np.asarray(direction) < 0).all()  # towards the rows
    if name == "cosine":  # at right angles to what was made: its length does not change the loss
        np.testing.assert_allclose(ops.sum(gradient * Y, axis=-1), 0.0, atol=1e-6)


def test_rows_of_zeros_and_exact_rows_have_finite_gradients():
    import tensorflow as tf

    x, y = np.zeros((2, 3), "float32"), tf.Variable(np.zeros((2, 3), "float32"))
    with tf.GradientTape() as tape:
        value = ReconstructionLoss(1.0, 1.0, 1.0)(x, y, 0.1)
    assert np.isfinite(tape.gradient(value, y)).all()


def test_the_power_falls_for_20_epochs():
    assert [round(power_at(epoch), 6) for epoch in (0, 10, 20, 29)] == [1.0, 0.55, 0.1, 0.1]


def test_losses_of_the_command_line():
    assert parse_loss("cosine") == ReconstructionLoss(0.1995, 0.0025, 0.0)
    assert parse_loss("l2") == ReconstructionLoss(0.0, 0.0, 1.0)
    assert parse_loss("cosine=0.2, l2=1") == ReconstructionLoss(0.2, 0.0, 1.0)


@pytest.mark.parametrize("text", ["l1", "cosine=x", "direction=1", "", "cosine=1=2"])
def test_an_unknown_loss(text):
    with pytest.raises(UserError, match="`loss` must be cosine, l2, or weights"):
        parse_loss(text)


@pytest.mark.parametrize("text", ["cosine=-1", "cosine=0,l2=0", "l2=nan", "l2=inf"])
def test_weights_that_make_no_loss(text):
    with pytest.raises(UserError, match="at least 0, and one of them above"):
        parse_loss(text)
