"""Tests of a Transformer layer in factors, beside KerasHub's."""

import keras
import keras_hub
import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.decomposition.factors import EncoderFactors
from eelbert_tf.decomposition.matrices import fill, stacked
from eelbert_tf.decomposition.product import decomposed
from eelbert_tf.layers.decomposed_transformer_encoder import DecomposedTransformerEncoder
from eelbert_tf.layers.shared_factors import SharedFactors
from tests import toy

X = np.random.default_rng(0).normal(size=(2, 5, 8)).astype("float32")
PADDING = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
# Each place sees itself and those before.
CAUSAL = np.tril(np.ones((2, 5, 5), "int32"))


def shared_of(protocol, rank):
    return None if protocol == "II" else SharedFactors(8, rank, 6 if protocol == "IV" else None)


def layer_of(protocol, rank=3, **settings):
    settings = {"intermediate_dim": 16, "num_heads": 2, **settings}
    layer = DecomposedTransformerEncoder(rank, shared_of(protocol, rank), **settings)
    layer.build((None, None, 8))
    return layer


@pytest.fixture(scope="module")
def plain():
    layer = keras_hub.layers.TransformerEncoder(16, 2, activation="gelu")
    layer.build((None, None, 8))
    return toy.with_random_weights(layer)


@pytest.fixture(scope="module")
def equal(plain):
    """The plain layer in factors of full rank."""
    layer = DecomposedTransformerEncoder(
        8, SharedFactors(8, 8, 8), intermediate_dim=16, num_heads=2, activation="gelu"
    )
    layer.build((None, None, 8))
    product = decomposed(stacked([plain], pieces=2), EncoderFactors("IV", 8, 8))
    fill([layer], [plain], product)
    return layer


@pytest.mark.parametrize("padding", [None, PADDING])
@pytest.mark.parametrize("attention", [None, CAUSAL])
def test_masks_do_what_they_do_in_the_plain_layer(equal, plain, padding, attention):
    masks = {"padding_mask": padding, "attention_mask": attention}
    (x, scores), (expected, expected_scores) = (
        layer(X, **masks, return_attention_scores=True) for layer in (equal, plain)
    )
    np.testing.assert_allclose(x, expected, atol=1e-4)
    np.testing.assert_allclose(scores, expected_scores, atol=1e-5)
    np.testing.assert_allclose(equal(X, **masks), x, atol=1e-6)


def test_scores_before_the_softmax(equal, plain):
    attention = plain._self_attention_layer
    queries, keys = attention._query_dense(X), attention._key_dense(X)
    expected = np.einsum("bfhd,bthd->bhft", queries, keys) / np.sqrt(4)
    np.testing.assert_allclose(equal.attention_scores(X), expected, rtol=1e-4, atol=1e-4)
    _, probabilities = equal(X, return_attention_scores=True)
    np.testing.assert_allclose(keras.ops.softmax(expected), probabilities, atol=1e-5)


def test_dropout_is_for_training():
    layer = layer_of("III", dropout=0.5)
    assert (np.asarray(layer(X)) == np.asarray(layer(X))).all()
    assert (np.asarray(layer(X, training=True)) != np.asarray(layer(X, training=True))).any()


@pytest.mark.parametrize("protocol", ["II", "III", "IV"])
def test_a_layer_comes_back_from_its_config(protocol):
    layer = layer_of(protocol)
    again = DecomposedTransformerEncoder.from_config(layer.get_config())
    again.build((None, None, 8))
    again.set_weights(layer.get_weights())
    assert (np.asarray(again(X, PADDING)) == np.asarray(layer(X, PADDING))).all()


@pytest.mark.parametrize("protocol", ["II", "III", "IV"])
def test_all_factors_learn_and_begin_as_large_as_berts_matrices(protocol):
    keras.utils.set_random_seed(0)  # a mixture of eight squares is of a size by chance
    rank = 64
    shared = None if protocol == "II" else SharedFactors(64, rank, 8 if protocol == "IV" else None)
    layer = DecomposedTransformerEncoder(rank, shared, intermediate_dim=128, num_heads=2)
    x = np.random.default_rng(1).normal(size=(2, 7, 64)).astype("float32")
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x, padding_mask=np.ones((2, 7))) ** 3)
    gradients = tape.gradient(loss, [v.value for v in layer.trainable_variables])
    for variable, gradient in zip(layer.trainable_variables, gradients):
        assert gradient is not None and np.abs(gradient).max() > 0, variable.path
    dense = layer._self_attention_layer.output_dense
    kernel = np.asarray(dense(np.eye(64, dtype="float32")[None]))
    assert 0.01 < kernel.std() < 0.04  # the initializer's is 0.02


def test_no_matrix_of_full_size_is_computed():
    layer = layer_of("IV", rank=2)
    graph = tf.function(lambda x, mask: layer(x, padding_mask=mask)).get_concrete_function(
        tf.TensorSpec((1, 5, 8)), tf.TensorSpec((1, 5), "int32")
    )
    shapes = [tuple(t.shape) for op in graph.graph.get_operations() for t in op.outputs]
    assert (8, 2) in shapes
    assert all(shape[-2:] != (8, 8) for shape in shapes if None not in shape)
