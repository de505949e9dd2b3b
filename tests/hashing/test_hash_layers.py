"""The hash layers in Keras models: they agree, train, and travel with an exported model."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.hashing.code_points import to_code_points
from eelbert_tf.layers.code_point_hash_embedding import CodePointHashEmbedding
from eelbert_tf.layers.ngram_hash_embedding import NGramHashEmbedding
from tests.hashing.random_texts import random_texts

GOOD = ["a good film", "really good", "so good, so nice", "nice and good"]
BAD = ["a bad film", "really bad", "so bad, so poor", "poor and bad"]


def classifier():
    text = keras.Input(shape=(), dtype="string", name="text")
    hashed = NGramHashEmbedding(hash_dim=12, max_words=8)(text)
    pooled = keras.layers.GlobalAveragePooling1D()(
        hashed["word_vectors"], mask=hashed["padding_mask"]
    )
    return keras.Model(text, keras.layers.Dense(2, activation="softmax")(pooled))


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    model = classifier()
    model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
    data = tf.data.Dataset.from_tensor_slices((GOOD + BAD, [1] * 4 + [0] * 4)).batch(4)
    history = model.fit(data, epochs=15, shuffle=False, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    return model


def test_a_functional_model_learns_from_raw_strings(trained):
    probabilities = trained.predict(tf.constant(["good", "bad", "nice", "poor"]), verbose=0)
    assert probabilities.argmax(axis=1).tolist() == [1, 0, 1, 0]


def test_the_exported_model_takes_raw_strings(trained, tmp_path):
    trained.export(tmp_path / "model", format="tf_saved_model", verbose=False)
    exported = tf.saved_model.load(tmp_path / "model")
    texts = tf.constant(["Good, GOOD film", "", "one two three four five six seven eight nine bad"])
    np.testing.assert_array_equal(exported.serve(texts), trained(texts))


# Keras reads TensorFlow's variables by a protocol that NumPy 2 warns about.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")
def test_the_saved_model_is_the_same(trained, tmp_path):
    trained.save(tmp_path / "model.keras")
    restored = keras.saving.load_model(tmp_path / "model.keras")
    texts = tf.constant(["good film", "bad \u4e2d film"])
    np.testing.assert_array_equal(restored(texts), trained(texts))


@pytest.mark.parametrize(
    "settings",
    [
        {"hash_dim": 12, "max_words": 6, "max_characters": 30},
        {"hash_dim": 10, "max_words": 40, "max_characters": 25, "hash_kind": "random"},
        {"hash_dim": 9, "max_words": 1, "hash_orders": 2, "hash_seed": 3},
    ],
    ids=str,
)
def test_the_layers_agree(settings):
    of_strings, of_code_points = NGramHashEmbedding(**settings), CodePointHashEmbedding(**settings)
    assert of_strings.get_config() == {**of_code_points.get_config(), "name": of_strings.name}
    texts = [b"", b"One text, and a longer one that is cut", *random_texts(60, seed=4)]
    strings = of_strings(tf.constant(texts))
    points = to_code_points(texts, of_code_points.max_characters)
    points = of_code_points(tf.constant(points))
    counts = strings["padding_mask"].numpy().sum(axis=1)
    # The sequence adds [CLS] and [SEP].
    np.testing.assert_array_equal(points["padding_mask"].numpy().sum(axis=1), counts + 2)
    longest = strings["padding_mask"].shape[1]
    words = points["word_vectors"][:, 1 : longest + 1].numpy()
    mask = strings["padding_mask"].numpy()
    np.testing.assert_array_equal(words[mask], strings["word_vectors"].numpy()[mask])
    assert not strings["word_vectors"].numpy()[~mask].any()


def test_code_points_may_be_a_numpy_array():
    layer = CodePointHashEmbedding(hash_dim=4, max_words=3)
    vectors = layer(np.array([[104, 105, 0]], "int32"))["word_vectors"]
    assert vectors.shape == (1, 5, 4)


def test_symbolic_shapes():
    text = keras.Input(shape=(), dtype="string")
    hashed = NGramHashEmbedding(hash_dim=12)(text)
    assert hashed["word_vectors"].shape == (None, None, 12)
    assert hashed["padding_mask"].dtype == "bool"
    layer = CodePointHashEmbedding(hash_dim=12, max_words=5)
    points = keras.Input(shape=(layer.max_characters,), dtype="int32")
    assert layer.max_characters == 40
    assert layer(points)["word_vectors"].shape == (None, 7, 12)
    assert layer(points, points)["word_vectors"].shape == (None, 8, 12)


@pytest.mark.parametrize("layer", [NGramHashEmbedding, CodePointHashEmbedding])
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_words": 0}, "`max_words` must be at least 1. Received: max_words=0."),
        ({"max_characters": 0}, "`max_characters` must be between 1 and 8192"),
        ({"max_characters": 8193}, "Received: max_characters=8193."),
        ({"hash_dim": 0}, "`hash_dim` must be at least 1. Received: hash_dim=0."),
        ({"hash_version": 2}, "Received: hash_version=2."),
    ],
)
def test_settings_out_of_range(layer, settings, message):
    with pytest.raises(ValueError) as caught:
        layer(**settings)
    assert message in str(caught.value)


def test_no_weights_and_one_window_by_default():
    layer = NGramHashEmbedding(max_words=2000)
    assert layer.weights == []
    assert layer.max_characters == 8192
