"""Tests of sentence vectors."""

import keras
import numpy as np

from eelbert_tf.models import EelbertTextEmbedder
from tests import toy


def test_vectors_have_length_1(embedder):
    vectors = embedder.predict([*toy.TEXTS, *toy.ODD_TEXTS], verbose=0)
    assert vectors.shape == (31, 6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.std(vectors, axis=0).min() > 1e-3


def test_without_normalization_the_vector_is_the_mean_of_the_encoder():
    embedder = toy.with_random_weights(EelbertTextEmbedder(**toy.parts(), normalize=False))
    texts = ["a fine film", "the awful dinner and the song"]
    together = toy.outputs(embedder, texts)
    for row, text in enumerate(texts):
        encoded = np.asarray(embedder.backbone(embedder.preprocessor([text]), training=False))
        np.testing.assert_allclose(together[row], encoded[0].mean(axis=0), atol=1e-5)


def test_learns_a_teachers_vectors():
    keras.utils.set_random_seed(0)
    embedder = EelbertTextEmbedder(**toy.learner_parts(), embedding_dim=4)
    embedder.compile(keras.optimizers.AdamW(5e-3))
    vectors = {"good": [0.5, 0.5, 0.5, 0.5], "bad": [0.5, -0.5, 0.5, -0.5]}
    teacher = np.array([vectors[label] for label in toy.LABELS])
    embedder.fit(toy.TEXTS * 12, np.tile(teacher, (12, 1)), batch_size=4, verbose=0)
    similarity = (toy.outputs(embedder, toy.TEXTS) * teacher).sum(axis=1)
    assert similarity.min() > 0.9
