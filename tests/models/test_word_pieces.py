"""Tests of models whose words are cut into WordPieces, as in the paper."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.data.examples import Examples
from eelbert_tf.errors import UserError
from eelbert_tf.export.litert import export_litert
from eelbert_tf.export.mediapipe import export_mediapipe
from eelbert_tf.export.onnx import export_onnx
from eelbert_tf.hashing.distinct_words import hash_words
from eelbert_tf.models import EelbertMaskedLM, EelbertMaskedLMPreprocessor, EelbertTextClassifier
from eelbert_tf.models.word_pieces import SPECIAL_PIECES, learn_word_pieces
from eelbert_tf.runtimes.load import load_predictor
from eelbert_tf.training.fine_tune import fine_tune
from eelbert_tf.training.model_directory import write_model_directory
from tests import toy

TEXTS = ["a fine film", "", "awful songs, played Finely", "word " * 40]


@pytest.fixture(scope="module")
def tokenizer():
    return learn_word_pieces(toy.TEXTS * 10, vocabulary_size=60)


@pytest.fixture(scope="module")
def preprocessor(tokenizer):
    return toy.preprocessor(tokenizer=tokenizer)


@pytest.fixture(scope="module")
def preset(tokenizer, tmp_path_factory):
    """Of a backbone that was pretrained on pieces."""
    path = tmp_path_factory.mktemp("presets") / "pieces"
    preprocessor = EelbertMaskedLMPreprocessor(
        hash_dim=12, max_words=toy.MAX_WORDS, tokenizer=tokenizer
    )
    masked_lm = EelbertMaskedLM(toy.backbone(), preprocessor=preprocessor)
    toy.with_random_weights(masked_lm).save_to_preset(str(path))
    return path


@pytest.fixture(scope="module")
def classifier(preset):
    examples = Examples(toy.TEXTS * 5, None, toy.LABELS * 5, "toy.tsv")
    settings = {"batch_size": 4, "learning_rate": 1e-2, "max_words": toy.MAX_WORDS}
    return fine_tune(examples, preset, epochs=3, verbose=0, **settings)


@pytest.fixture(scope="module")
def directory(classifier, examples, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "pieces"
    write_model_directory(classifier, examples, examples, "toy", {"seed": 0}, path)
    return path


def test_pieces_are_learnt_from_texts(tokenizer):
    vocabulary = tokenizer.get_vocabulary()
    assert tuple(vocabulary[:5]) == SPECIAL_PIECES
    assert {"fine", "awful", "the", "song", "##s"} <= set(vocabulary)
    assert len(set(vocabulary)) == len(vocabulary) <= 70
    pieces = [vocabulary[number] for number in tokenizer("THE Äwful song, songs")]
    assert pieces == ["the", "awful", "song", "[UNK]", "song", "##s"]
    with pytest.raises(UserError, match="`vocabulary_size` must be above 5"):
        learn_word_pieces(toy.TEXTS, vocabulary_size=5)


def test_pieces_are_hashed_as_they_are_written(preprocessor, tokenizer):
    inputs = preprocessor(["fine songs", ""])
    pieces = [tokenizer.id_to_token(number) for number in tokenizer("fine songs")]
    assert pieces == ["fine", "song", "##s"]
    assert inputs["padding_mask"].numpy().tolist() == [[True] * 5, [True] * 2 + [False] * 3]
    expected = hash_words(pieces, preprocessor.hash_config)
    assert np.array_equal(inputs["word_vectors"][0, 1:4], expected)


def test_special_tokens_are_those_of_texts_without_pieces(preprocessor):
    vectors, expected = preprocessor(["film"]), toy.preprocessor()(["film"])
    assert np.array_equal(vectors["word_vectors"], expected["word_vectors"])


def test_graphs_and_pairs_and_the_window(preprocessor):
    eager = preprocessor(TEXTS)
    assert eager["padding_mask"].numpy().sum(axis=1).tolist()[1::2] == [2, toy.MAX_WORDS + 2]
    [mapped] = tf.data.Dataset.from_tensor_slices(TEXTS).batch(4).map(preprocessor)
    pairs = preprocessor((TEXTS, TEXTS[::-1]))
    [mapped_pairs] = tf.data.Dataset.from_tensors((TEXTS, TEXTS[::-1])).map(
        lambda *pair: preprocessor(pair)
    )
    for name, values in eager.items():
        assert np.array_equal(mapped[name], values)
        assert np.array_equal(mapped_pairs[name], pairs[name])
    assert pairs["segment_ids"].numpy().max() == 1


def test_masked_pieces(tokenizer):
    preprocessor = EelbertMaskedLMPreprocessor(
        hash_dim=12, max_words=toy.MAX_WORDS, tokenizer=tokenizer, mask_rate=0.5
    )
    assert preprocessor.vocabulary == tokenizer.get_vocabulary()
    text = "the awful song"
    x, y, weight = preprocessor([text, ""], random_seed=np.array([3, 4], "int32"))
    positions, labels = x["mask_positions"].numpy()[0], y.numpy()[0]
    numbers = tokenizer(text)
    chosen = int(weight.numpy()[0].sum())
    assert chosen == round(len(numbers) / 2)
    assert [numbers[position - 1] for position in positions[:chosen]] == labels[:chosen].tolist()
    assert not weight.numpy()[1].any()


def test_fine_tuning_takes_the_tokenizer_of_the_preset(classifier, tokenizer):
    assert classifier.preprocessor.tokenizer.get_vocabulary() == tokenizer.get_vocabulary()
    assert classifier.predict_labels(toy.TEXTS) == toy.LABELS


def test_presets_and_keras_files_keep_all(classifier, directory, tmp_path):
    classifier.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    from_preset = EelbertTextClassifier.from_preset(directory / "preset")
    expected = toy.outputs(classifier, tf.constant(TEXTS))
    for task in (loaded, from_preset):
        assert np.array_equal(toy.outputs(task, tf.constant(TEXTS)), expected)
        assert task.preprocessor.get_config() == classifier.preprocessor.get_config()


def test_the_directory_holds_no_litert_model(classifier, directory):
    metrics = json.loads((directory / "metrics.json").read_text(encoding="utf-8"))
    assert not (directory / "model.tflite").exists()
    assert metrics["saved_model"]["label_agreement"] == 1.0
    assert set(metrics["bytes"]) == {"preset", "saved_model"}
    exports = {export_litert: ".tflite", export_mediapipe: ".tflite", export_onnx: ".onnx"}
    for export, kind in exports.items():
        with pytest.raises(UserError, match=f"cannot become a {kind} without its tokenizer"):
            export(classifier, directory / f"model{kind}")
    with pytest.raises(UserError, match="model.tflite is missing there"):
        load_predictor(directory, "litert")


def test_the_saved_model_answers_alike_with_tensorflow_text(classifier, directory):
    served = load_predictor(directory, "saved_model")
    probabilities = served.predict_proba(TEXTS)
    expected = classifier.activate(toy.outputs(classifier, tf.constant(TEXTS)))
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)
