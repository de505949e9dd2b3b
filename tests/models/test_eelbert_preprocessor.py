"""Tests of texts, and pairs of texts, to the encoder's inputs; the hash has its own tests."""

import numpy as np
import pytest

from eelbert_tf.models import EelbertBackbone, EelbertPreprocessor
from tests import toy


def lengths(inputs):
    return inputs["padding_mask"].numpy().sum(axis=1).tolist()


def test_shapes_and_types():
    inputs = toy.preprocessor()(["a fine film", "", "awful"])
    assert inputs["word_vectors"].shape == (3, 5, 12)
    assert inputs["word_vectors"].dtype == "float32"
    assert inputs["padding_mask"].dtype == "bool"
    assert inputs["segment_ids"].dtype == "int32"
    assert lengths(inputs) == [5, 2, 3]
    assert not inputs["segment_ids"].numpy().any()


def test_pairs_have_two_segments():
    inputs = toy.preprocessor()((["a fine film", ""], ["awful", "song"]))
    assert lengths(inputs) == [7, 4]
    assert inputs["segment_ids"].numpy().tolist() == [[0, 0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 0, 0, 0]]


def test_the_longer_text_of_a_pair_gives_way():
    inputs = toy.preprocessor(max_words=6)((["a b c d e f g"], ["h i"]))
    assert inputs["segment_ids"].numpy().tolist() == [[0] * 6 + [1] * 3]


def test_labels_pass_through():
    preprocessor = toy.preprocessor()
    x, y, sample_weight = preprocessor(["a", "b"], y=[0, 1], sample_weight=[1.0, 2.0])
    assert set(x) == {"word_vectors", "padding_mask", "segment_ids"}
    assert (list(y), list(sample_weight)) == ([0, 1], [1.0, 2.0])


def test_config_round_trip():
    settings = {
        "hash_dim": 10,
        "hash_orders": 2,
        "hash_kind": "random",
        "hash_seed": 3,
        "hash_version": 1,
        "max_words": 9,
        "max_characters": 50,
        "distortion_rate": 0.25,
        "seed": 7,
    }
    config = EelbertPreprocessor(**settings).get_config()
    assert {name: config[name] for name in settings} == settings
    again = EelbertPreprocessor.from_config(config)
    assert again.get_config() == config
    assert again.is_random


def test_a_backbone_gives_its_hash_and_its_window():
    backbone = toy.backbone(hash_kind="random", hash_seed=4)
    preprocessor = EelbertPreprocessor.from_backbone(backbone)
    assert preprocessor.hash_config == backbone.hash_config
    assert preprocessor.max_words == 21
    assert EelbertPreprocessor.from_backbone(backbone, max_words=5).max_words == 5
    large = EelbertBackbone.from_preset("eelbert_uno")
    assert EelbertPreprocessor.from_backbone(large).max_words == 128


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"distortion_rate": 1.0}, "`distortion_rate` must be at least 0 and below 1. Received"),
        ({"max_words": 0}, "`max_words` must be at least 1"),
        ({"hash_orders": 9}, "`hash_orders` must be between 1 and 8"),
    ],
)
def test_wrong_settings(changes, message):
    with pytest.raises(ValueError, match=message):
        toy.preprocessor(**changes)


def test_letters_are_distorted_with_a_random_seed_only():
    clean, noisy = toy.preprocessor(), toy.preprocessor(distortion_rate=0.9)
    texts = ["a fine film", "12 . , !"]
    vectors = clean(texts)["word_vectors"].numpy()
    assert np.array_equal(noisy(texts)["word_vectors"], vectors)
    changed = noisy(texts, random_seed=np.array([3, 4], "int32"))["word_vectors"].numpy()
    assert not np.array_equal(changed[0, :5], vectors[0, :5])
    assert np.array_equal(changed[1, :6], vectors[1, :6])


def test_empty_texts_survive_distortion():
    noisy = toy.preprocessor(distortion_rate=0.9)
    assert lengths(noisy(["", " "], random_seed=np.array([3, 4], "int32"))) == [2, 2]
