"""Tests of attention scores before the softmax."""

import keras_hub
import numpy as np
import pytest

from eelbert_tf.distillation.attention_scores import FlatAttentionScores, attention_scores
from eelbert_tf.layers.decomposed_transformer_encoder import DecomposedTransformerEncoder
from tests import toy

X = np.array([[[1.0, 0.0, 2.0, 0.0], [0.0, 3.0, 0.0, 1.0]]], "float32")


def layer_of_known_scores():
    """Its queries are x, its keys twice x."""
    layer = keras_hub.layers.TransformerEncoder(intermediate_dim=4, num_heads=2)
    layer(X)
    attention = layer._self_attention_layer
    for dense, factor in ((attention._query_dense, 1.0), (attention._key_dense, 2.0)):
        dense.kernel.assign((factor * np.eye(4, dtype="float32")).reshape(4, 2, 2))
    return layer


def test_a_hand_worked_case():
    # Heads are columns 1, 2 and 3, 4. Products, times 2, over the root of 2.
    by_hand = np.array([[[1, 0], [0, 9]], [[4, 0], [0, 1]]]) * 2 / np.sqrt(2)
    layer = layer_of_known_scores()
    np.testing.assert_allclose(attention_scores(layer, X)[0], by_hand, rtol=1e-6)
    flat = np.asarray(FlatAttentionScores(layer)(X))
    np.testing.assert_allclose(flat, by_hand.reshape(1, 8, 1), rtol=1e-6)
    mean = np.asarray(FlatAttentionScores(layer, mean_over_heads=True)(X))
    np.testing.assert_allclose(mean, by_hand.mean(axis=0).reshape(1, 4, 1), rtol=1e-6)


@pytest.mark.parametrize("decomposed", [False, True])
def test_their_softmax_is_what_the_layer_looks_at(decomposed):
    settings = {"intermediate_dim": 8, "num_heads": 2}
    if decomposed:
        layer = DecomposedTransformerEncoder(rank=2, **settings)
    else:
        layer = keras_hub.layers.TransformerEncoder(**settings)
    x = np.random.default_rng(0).normal(size=(2, 3, 8)).astype("float32")
    layer(x)
    toy.with_random_weights(layer)
    _, looks = layer(x, return_attention_scores=True)
    scores = np.exp(attention_scores(layer, x))
    np.testing.assert_allclose(scores / scores.sum(axis=-1, keepdims=True), looks, atol=1e-6)
