"""Signatures of n-grams for trained buckets: every engine gives the same."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from eelbert_tf.hashing import reference, vectors
from eelbert_tf.hashing.code_points import encoder_inputs, to_code_points
from eelbert_tf.hashing.distinct_words import bucket_signatures
from eelbert_tf.hashing.specification import BUCKET_CHARACTERS, HashConfig, to_int32
from eelbert_tf.hashing.splitting import split_words
from eelbert_tf.layers.bucket_embedding import BucketEmbedding
from eelbert_tf.models import EelbertPreprocessor

CONFIG = HashConfig(dim=4, bucket_orders=(3, 4))


def expected(word):
    """By the plain reference."""
    word = reference.code_points(word)
    columns = []
    for order in CONFIG.bucket_orders:
        own = reference.signatures(word, order)[:BUCKET_CHARACTERS]
        columns += own + [0] * (BUCKET_CHARACTERS - len(own))
    total = to_int32(sum(reference.signatures(word, 3)[:BUCKET_CHARACTERS]))
    return [*columns, reference.mix(total)]


def test_of_given_words():
    words = ["a", "cat", "incomprehensibilities", "東"]
    assert bucket_signatures(words, CONFIG).tolist() == [expected(word) for word in words]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_engines_agree(texts):
    preprocessor = EelbertPreprocessor(hash_dim=4, bucket_orders=(3, 4), max_words=8)
    strings = preprocessor(texts)
    points = to_code_points(texts, preprocessor.max_characters)
    flat = encoder_inputs(tf.constant(points), None, CONFIG, 8)
    length = strings["ngram_signatures"].shape[1]
    assert np.array_equal(strings["ngram_signatures"], flat["ngram_signatures"][:, :length])
    for row, text in zip(np.asarray(flat["ngram_signatures"]), texts):
        words = split_words(text)[:8]
        assert row[1 : len(words) + 1].tolist() == [expected(word) for word in words]
        assert not row[0].any() and not row[len(words) + 1 :].any()
        assert (row >= 0).all()


def test_of_pairs():
    preprocessor = EelbertPreprocessor(hash_dim=4, bucket_orders=(3, 4), max_words=6)
    texts, pairs = ["a fine film", "no"], ["yes", "an awful song indeed"]
    strings = preprocessor((texts, pairs))["ngram_signatures"]
    points = [to_code_points(column, preprocessor.max_characters) for column in (texts, pairs)]
    flat = encoder_inputs(*map(tf.constant, points), CONFIG, 6)["ngram_signatures"]
    assert np.array_equal(strings, flat[:, : strings.shape[1]])


def test_wrong_orders_are_refused():
    with pytest.raises(ValueError, match="`bucket_orders` must be between 1 and 8"):
        HashConfig(bucket_orders=(0,))


def test_a_words_embedding_is_the_scaled_sum_of_its_rows():
    layer = BucketEmbedding(bucket_count=5, bucket_dim=3, output_dim=2)
    signatures = np.array([[[7, 13, 0], [0, 0, 0]]], "int32")
    result = np.asarray(layer(signatures))
    table, kernel = np.asarray(layer.embeddings), np.asarray(layer.projection.kernel)
    np.testing.assert_allclose(result[0, 0], (table[2] + table[3]) / np.sqrt(2) @ kernel, rtol=1e-5)
    assert not result[0, 1].any()


def test_bounds_are_where_words_are():
    from eelbert_tf.hashing.words import segment

    segments = segment(tf.constant(to_code_points(["Don't go, é"], 16)))
    first, counts = vectors.word_bounds(segments, 5)
    assert first.numpy().tolist() == [[0, 6, 8, 10, 0]]
    assert counts.numpy().tolist() == [[5, 2, 1, 1, 0]]
