"""Tests of masking: which words are hidden, and behind what."""

import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.hashing.distinct_words import hash_words
from eelbert_tf.hashing.packing import special_vectors
from eelbert_tf.hashing.specification import HashConfig
from eelbert_tf.models import EelbertMaskedLMPreprocessor

CONFIG = HashConfig(12)
CLS, SEP, MASK = special_vectors(CONFIG)[1:]
# Enough words that a word seldom takes its own place, in sentences of ten.
WORDS = [f"{a}{b}" for a in "bcdfghjklmnpqrst" for b in "aeiouvwxyz"]
VECTORS = hash_words(WORDS, CONFIG)
RANDOM = np.random.default_rng(0)
SENTENCES = [RANDOM.choice(len(WORDS), 10) for _ in range(1000)]


def masked(texts, seed=(1, 2), **changes):
    settings = {"hash_dim": 12, "max_words": 12, "vocabulary": WORDS, **changes}
    preprocessor = EelbertMaskedLMPreprocessor(**settings)
    x, y, weight = preprocessor(texts, random_seed=np.array(seed, "int32"))
    return {name: value.numpy() for name, value in x.items()}, y.numpy(), weight.numpy()


@pytest.fixture(scope="module")
def many():
    return masked([" ".join(WORDS[word] for word in words) for words in SENTENCES])


def test_shapes_and_types(many):
    x, y, weight = many
    assert x["word_vectors"].shape == (1000, 12, 12)
    assert x["mask_positions"].shape == y.shape == weight.shape == (1000, 2)
    assert (x["mask_positions"].dtype, y.dtype, weight.dtype) == ("int32", "int32", "float32")


def test_labels_are_the_words_that_stood_there(many):
    x, y, weight = many
    assert weight.all()  # of ten words, 15 % are two
    for words, positions, labels in zip(SENTENCES, x["mask_positions"], y):
        assert words[positions - 1].tolist() == labels.tolist()
        assert positions[0] != positions[1]


def test_every_place_is_chosen_about_equally_often(many):
    counts = np.bincount(many[0]["mask_positions"].ravel(), minlength=12)
    assert counts[0] == counts[11] == 0  # [CLS] and [SEP]
    # 2,000 of ten places: 200 each, four standard deviations are 54.
    assert (np.abs(counts[1:11] - 200) < 54).all()


def test_80_10_10(many):
    x, y, _ = many
    hidden = np.take_along_axis(x["word_vectors"], x["mask_positions"][..., None], axis=1)
    hidden, own = hidden.reshape(-1, 12), VECTORS[y.ravel()]
    is_mask = (hidden == MASK).all(axis=1)
    is_own = (hidden == own).all(axis=1)
    # 2,000 words, of 160 one in 160 takes its own place. Four standard deviations: 0.036, 0.027.
    assert abs(is_mask.mean() - 0.8) < 0.036
    assert abs(is_own.mean() - (0.1 + 0.1 / 160)) < 0.027
    others = hidden[~is_mask & ~is_own]
    known = (others[:, None] == VECTORS[None]).all(axis=2)
    assert known.any(axis=1).all()
    assert len(np.unique(known.argmax(axis=1))) > 80  # all kinds of words


def test_words_that_are_not_chosen_stay(many):
    x, _, _ = many
    expected = np.stack([np.vstack([CLS, VECTORS[words], SEP]) for words in SENTENCES])
    vectors = x["word_vectors"].copy()
    np.put_along_axis(vectors, x["mask_positions"][..., None], 0.0, axis=1)
    np.put_along_axis(expected, x["mask_positions"][..., None], 0.0, axis=1)
    assert np.array_equal(vectors, expected)


def test_the_seed_decides():
    texts = ["ba be bi bo bu ca ce ci co cu"] * 8
    first, again, other = masked(texts), masked(texts), masked(texts, seed=(2, 1))
    assert np.array_equal(first[0]["mask_positions"], again[0]["mask_positions"])
    assert np.array_equal(first[0]["word_vectors"], again[0]["word_vectors"])
    assert not np.array_equal(first[0]["mask_positions"], other[0]["mask_positions"])


def test_only_known_words_are_hidden():
    texts = ["zzz ba , zzz Bé 1"] * 50
    x, y, weight = masked(texts, mask_rate=0.9)
    # "Bé" is folded to "be".
    assert {
        (p, WORDS[label]) for p, label in zip(x["mask_positions"][weight > 0], y[weight > 0])
    } == {
        (2, "ba"),
        (5, "be"),
    }
    assert (weight.sum(axis=1) == 2).all()


@pytest.mark.parametrize("text", ["", " ", "zzz , 1"])
def test_a_text_without_known_words_is_left_alone(text):
    x, y, weight = masked([text, "ba"])
    assert not weight[0].any()
    assert weight[1].tolist() == [1.0, 0.0]
    settings = {"hash_dim": 12, "max_words": 12, "vocabulary": ["unlike"]}
    untouched = EelbertMaskedLMPreprocessor(**settings)([text, "ba"])[0]["word_vectors"].numpy()
    assert np.array_equal(x["word_vectors"][0], untouched[0])


@pytest.mark.parametrize(
    "words, rate, chosen", [(1, 0.15, 1), (3, 0.15, 1), (10, 0.3, 3), (40, 0.25, 3), (10, 0.0, 1)]
)
def test_share_of_hidden_words(words, rate, chosen):
    # Of forty words the window holds twelve.
    _, _, weight = masked([" ".join(WORDS[:words])], mask_rate=rate)
    assert weight.sum() == chosen


def test_config_round_trip():
    preprocessor = EelbertMaskedLMPreprocessor(hash_dim=12, vocabulary=["a", "b"], mask_rate=0.3)
    config = preprocessor.get_config()
    assert (config["vocabulary"], config["mask_rate"]) == (["a", "b"], 0.3)
    assert EelbertMaskedLMPreprocessor.from_config(config).get_config() == config


def test_a_vocabulary_is_needed():
    with pytest.raises(UserError, match="`vocabulary` must hold at least one word"):
        EelbertMaskedLMPreprocessor(hash_dim=12)
