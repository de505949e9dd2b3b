"""Tests of the encoder."""

import keras
import numpy as np
import pytest

from eelbert_tf.models import EelbertBackbone
from tests import toy


# BERT's own encoders less their tables of token vectors.
@pytest.mark.parametrize(
    "preset, parameters",
    [("eelbert_uno", 265_216), ("eelbert_tiny", 462_592), ("eelbert_mini", 3_291_136)],
)
def test_parameters(preset, parameters):
    assert EelbertBackbone.from_preset(preset).count_params() == parameters


def test_parameters_of_the_smallest_model_of_the_paper():
    backbone = EelbertBackbone.from_preset("eelbert_uno")
    pooler = keras.layers.Dense(128, activation="tanh")
    pooler.build((None, 128))
    # Cohn et al. (2023), table 1.
    assert backbone.count_params() + pooler.count_params() == 281_728


def test_config_round_trip():
    settings = {
        **toy.ARCHITECTURE,
        "hash_transform_dim": 7,
        "num_segments": 3,
        "hash_orders": 2,
        "hash_kind": "random",
        "hash_seed": 5,
    }
    backbone = EelbertBackbone(**settings)
    config = backbone.get_config()
    assert {name: config[name] for name in settings} == settings
    assert EelbertBackbone.from_config(config).get_config() == config


@pytest.mark.parametrize(
    "changes, weights",
    [
        ({"hash_dim": 16}, []),
        ({"hash_dim": 12}, [(12, 16), (16,)]),
        ({"hash_dim": 12, "hash_transform_dim": 5}, [(12, 5), (5,), (5, 16), (16,)]),
        ({"hash_dim": 16, "hash_transform_dim": 5}, [(16, 5), (5,), (5, 16), (16,)]),
    ],
)
def test_word_vectors_are_transformed_only_where_it_is_asked_or_needed(changes, weights):
    layers = toy.backbone(**changes).hash_transform
    assert [tuple(weight.shape) for layer in layers for weight in layer.weights] == weights


@pytest.mark.parametrize(
    "changes, message",
    [
        (
            {"num_heads": 3},
            "`hidden_dim` must be divisible by `num_heads`. Received: hidden_dim=16",
        ),
        ({"hash_version": 2}, "`hash_version` must be 1"),
        ({"hash_dim": 0}, "`hash_dim` must be at least 1"),
    ],
)
def test_wrong_settings(changes, message):
    with pytest.raises(ValueError, match=message):
        toy.backbone(**changes)


def test_a_text_is_encoded_alike_beside_longer_ones():
    backbone = toy.with_random_weights(toy.backbone(num_layers=2))
    preprocessor = toy.preprocessor()
    texts = ["a fine film", "", "the awful dinner and the fine song", "word " * 30]
    together = np.asarray(backbone(preprocessor(texts), training=False))
    for row, text in enumerate(texts):
        alone = np.asarray(backbone(preprocessor([text]), training=False))[0]
        np.testing.assert_allclose(together[row, : len(alone)], alone, atol=1e-5)


def test_order_and_segment_count():
    backbone = toy.with_random_weights(toy.backbone())
    preprocessor = toy.preprocessor()

    def encoded(*columns):
        return np.asarray(backbone(preprocessor(columns), training=False))

    first = encoded(["fine"], ["awful"])
    assert np.abs(first - encoded(["awful"], ["fine"])).max() > 1e-2
    inputs = preprocessor((["fine"], ["awful"]))
    without = {**inputs, "segment_ids": keras.ops.zeros_like(inputs["segment_ids"])}
    assert np.abs(first - np.asarray(backbone(without, training=False))).max() > 1e-2


def test_gradients_reach_every_weight():
    import tensorflow as tf

    backbone = toy.backbone(hash_transform_dim=5)
    inputs = toy.preprocessor()((["a fine film", "song"], ["awful", "the play"]))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(backbone(inputs, training=False) ** 3)
    gradients = tape.gradient(loss, [weight.value for weight in backbone.trainable_weights])
    silent = [
        weight.path
        for weight, gradient in zip(backbone.trainable_weights, gradients)
        if gradient is None or not tf.reduce_any(gradient != 0)
    ]
    # A key's bias adds the same to all scores of a query: softmax ignores it.
    assert not [path for path in silent if "key/bias" not in path]
