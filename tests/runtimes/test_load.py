"""Tests of predictors: one interface, whichever runtime computes, and what is broken."""

import shutil

import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.runtimes.keras_runtime import keras_predictor
from eelbert_tf.runtimes.litert_runtime import litert_predictor
from eelbert_tf.runtimes.load import RUNTIMES, load_embedder, load_predictor
from eelbert_tf.runtimes.saved_model_runtime import saved_model_predictor
from tests import toy

# More than one batch of 64.
TEXTS = [*toy.TEXTS, *toy.ODD_TEXTS, *toy.TEXTS, *toy.TEXTS]


@pytest.fixture(scope="module", params=RUNTIMES)
def predictor(model_directory, request):
    return load_predictor(model_directory, request.param)


def test_all_runtimes_answer_alike(predictor, classifier):
    assert predictor.labels == ["bad", "good"]
    assert predictor.output == "probabilities"
    assert not predictor.pair
    expected = classifier.activate(toy.outputs(classifier, tf.constant(TEXTS)))
    probabilities = predictor.predict_proba(TEXTS)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)
    assert predictor.predict(toy.TEXTS) == toy.LABELS
    assert predictor.predict("the fine trip") == ["good"]


def test_wrong_calls(predictor):
    with pytest.raises(UserError, match="This model gives probabilities, not embedding."):
        predictor.embed(["a"])
    with pytest.raises(UserError, match="takes single texts. Received: pairs."):
        predictor.predict([("a", "b")])
    with pytest.raises(UserError, match="At least one text is needed. Received: none."):
        predictor.predict([])
    with pytest.raises(UserError, match=r"Received: None \(NoneType\) at row 1."):
        predictor.predict(["a", None])


def predictors(task, folder, pair=False):
    return [
        keras_predictor(task, pair),
        saved_model_predictor(folder / "saved_model"),
        litert_predictor(folder / "model.tflite"),
    ]


def test_pairs(pair_classifier, exported):
    columns = (toy.TEXTS[:7], toy.ODD_TEXTS)
    keras, *others = predictors(pair_classifier, exported("pair_classifier"), pair=True)
    for other in others:
        assert other.pair
        assert other.labels == keras.labels == ["no", "maybe", "yes"]
        assert other.predict(columns) == keras.predict(columns)
        with pytest.raises(UserError, match="takes pairs of texts. Received: single texts."):
            other.predict(toy.TEXTS)


def test_several_labels(multi_label_classifier, exported):
    keras, *others = predictors(multi_label_classifier, exported("multi_label_classifier"))
    expected = multi_label_classifier.predict_labels(TEXTS)
    assert keras.predict(TEXTS) == expected
    assert {len(labels) for labels in expected} > {1}
    for other in others:
        assert other.predict(TEXTS) == expected


def test_scores(scorer, exported):
    keras, *others = predictors(scorer, exported("scorer"))
    expected = keras.predict(TEXTS)
    assert expected.shape == (len(TEXTS),)
    for other in others:
        assert (other.labels, other.output) == (None, "score")
        np.testing.assert_allclose(other.predict(TEXTS), expected, atol=1e-5)
        with pytest.raises(UserError, match="This model gives score, not probabilities."):
            other.predict_proba(TEXTS)


def test_embeddings(embedder, exported):
    keras, *others = predictors(embedder, exported("embedder"))
    expected = keras.embed(TEXTS)
    assert expected.shape == (len(TEXTS), 6)
    for other in others:
        np.testing.assert_allclose(other.embed(TEXTS), expected, atol=1e-5)
        with pytest.raises(UserError, match="This model gives embedding, not probabilities."):
            other.predict(TEXTS)


def test_the_encoder_of_a_classifier_embeds(model_directory, classifier):
    vectors = load_embedder(model_directory).embed(toy.TEXTS)
    assert vectors.shape == (24, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    encoded = np.asarray(classifier.backbone(classifier.preprocessor(["a fine film"])))
    mean = encoded[0].mean(axis=0)
    np.testing.assert_allclose(vectors[0], mean / np.linalg.norm(mean), atol=1e-5)
    with pytest.raises(UserError, match="This model gives probabilities, not embedding."):
        load_embedder(model_directory, "litert").embed(toy.TEXTS)


def test_a_directory_with_an_embedder(embedder, tmp_path):
    embedder.save_to_preset(str(tmp_path / "preset"))
    (tmp_path / "command.json").write_text("{}", encoding="utf-8")
    for load in (load_predictor, load_embedder):
        vectors = load(tmp_path).embed(toy.TEXTS)
        np.testing.assert_allclose(vectors, toy.outputs(embedder, toy.TEXTS), atol=1e-5)


def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def scramble(path):
    content = bytearray(path.read_bytes())
    content[:200] = b"\xff" * 200
    path.write_bytes(content)


def other_saved_model(path):
    class Module(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None])])
        def double(self, x):
            return {"double": 2 * x}

    remove(path)
    module = Module()
    tf.saved_model.save(module, str(path), signatures=module.double)


VARIABLES = "saved_model/variables/variables"


@pytest.mark.parametrize(
    "runtime, name, damage, message",
    [
        ("keras", "preset", remove, "a directory that `eelbert train` wrote. preset is missing"),
        ("keras", "command.json", remove, "command.json is missing or damaged"),
        ("keras", "command.json", cut, "command.json is missing or damaged"),
        ("keras", "preset/model.weights.h5", cut, "Could not load the preset in .*truncated file"),
        ("litert", "model.tflite", remove, "model.tflite is missing there."),
        ("litert", "model.tflite", cut, "holds no eelbert.json.*or it is damaged."),
        ("litert", "model.tflite", scramble, "holds no LiteRT model that can be loaded"),
        ("saved_model", "saved_model", remove, "saved_model is missing there."),
        ("saved_model", "saved_model/saved_model.pb", remove, "no SavedModel that can be loaded"),
        ("saved_model", "saved_model/saved_model.pb", cut, "no SavedModel that can be loaded"),
        ("saved_model", f"{VARIABLES}.index", cut, "no SavedModel that can be loaded"),
        ("saved_model", f"{VARIABLES}.index", remove, "no SavedModel that can be loaded"),
        ("saved_model", f"{VARIABLES}.data-00000-of-00001", cut, "that can be loaded"),
        ("saved_model", "saved_model", other_saved_model, "export_saved_model did not write"),
    ],
)
def test_what_is_broken_is_said_in_one_line(
    runtime, name, damage, message, model_directory, tmp_path
):
    directory = tmp_path / "model"
    shutil.copytree(model_directory, directory)
    damage(directory / name)
    with pytest.raises(UserError, match=message) as caught:
        load_predictor(directory, runtime)
    assert len(str(caught.value).splitlines()) == 1


def test_an_unknown_runtime(model_directory):
    with pytest.raises(UserError, match="one of keras, saved_model, litert. Received: 'onnx'."):
        load_predictor(model_directory, "onnx")


def test_no_directory(tmp_path):
    with pytest.raises(UserError, match="preset is missing there."):
        load_predictor(tmp_path / "nothing")
