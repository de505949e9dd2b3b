"""Tests of `.tflite` files."""

import json
import zipfile

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema

from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import read_settings
from eelbert_tf.export.litert import convert, export_litert, refuse_other_than_builtins
from eelbert_tf.runtimes.litert_runtime import interpreter, litert_predictor
from tests import toy
from tests.export.isolated import run_isolated

TEXTS = [*toy.TEXTS[::5], *toy.ODD_TEXTS]
PAIRS = TEXTS[::-1]


@pytest.fixture(scope="module")
def path(model_directory):
    return model_directory / "model.tflite"


def operators(path):
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0))
    return model.operatorCodes


def test_signature_of_a_classifier(path):
    runner = interpreter(path).get_signature_runner()
    [(name, code_points)] = runner.get_input_details().items()
    assert (name, code_points["dtype"]) == ("code_points", np.int32)
    assert code_points["shape"].tolist() == [1, 96]
    [(name, probabilities)] = runner.get_output_details().items()
    assert (name, probabilities["dtype"]) == ("probabilities", np.float32)
    assert probabilities["shape"].tolist() == [1, 2]


def test_answers_of_a_classifier(path, classifier):
    predictor = litert_predictor(path)
    expected = classifier.activate(toy.outputs(classifier, tf.constant(TEXTS)))
    np.testing.assert_allclose(predictor.predict_proba(TEXTS), expected, atol=1e-5)
    assert predictor.predict(toy.TEXTS) == toy.LABELS


def test_builtins_only(path):
    codes = operators(path)
    assert schema.BuiltinOperator.FULLY_CONNECTED in {code.builtinCode for code in codes}
    assert not [code for code in codes if code.builtinCode == schema.BuiltinOperator.CUSTOM]
    assert not [code for code in codes if code.customCode]


def test_settings_and_labels_are_in_a_zip_archive(path, classifier):
    with zipfile.ZipFile(path) as archive:
        assert archive.read("labels.txt") == b"bad\ngood\n"
        assert json.loads(archive.read("eelbert.json")) == read_settings(path)
    assert read_settings(path) == {
        "hash_dim": 12,
        "hash_orders": 3,
        "hash_kind": "ngram",
        "hash_seed": 0,
        "hash_version": 1,
        "bucket_orders": [],
        "max_words": 12,
        "max_characters": 96,
        "pair": False,
        "labels": ["bad", "good"],
        "problem_type": "single_label_classification",
    }


def test_a_card_is_in_the_archive(embedder, tmp_path):
    export_litert(embedder, tmp_path / "model.tflite", card="# Größe\n")
    with zipfile.ZipFile(tmp_path / "model.tflite") as archive:
        assert archive.namelist() == ["eelbert.json", "README.md"]
        assert archive.read("README.md").decode("utf-8") == "# Größe\n"


def test_a_device_needs_litert_and_numpy_alone(path, classifier, tmp_path):
    code = """
import json, zipfile
import numpy as np
from ai_edge_litert.interpreter import Interpreter
with zipfile.ZipFile(sys.argv[1]) as archive:
    settings = json.loads(archive.read("eelbert.json"))
    print(archive.read("labels.txt").decode().split())
runner = Interpreter(sys.argv[1]).get_signature_runner()
rows = []
for text in json.load(open(sys.argv[2])):
    code_points = np.zeros((1, settings["max_characters"]), "int32")
    numbers = [ord(character) for character in text][: settings["max_characters"]]
    code_points[0, : len(numbers)] = numbers
    rows.append(runner(code_points=code_points)["probabilities"])
np.save(sys.argv[3], np.concatenate(rows))
assert not [name for name in sys.modules if name.startswith(("keras", "eelbert", "tensorflow"))]
"""
    (tmp_path / "texts.json").write_text(json.dumps(TEXTS))
    arguments = (path, tmp_path / "texts.json", tmp_path / "answers.npy")
    blocked = ("tensorflow", "keras", "keras_hub", "tf_keras", "tensorflow_text", "eelbert_tf")
    printed = run_isolated(code, *arguments, blocked=blocked, folder=tmp_path)
    assert printed.strip() == "['bad', 'good']"
    expected = classifier.activate(toy.outputs(classifier, tf.constant(TEXTS)))
    np.testing.assert_allclose(np.load(tmp_path / "answers.npy"), expected, atol=1e-5)


def test_the_same_model_gives_the_same_bytes(path, classifier, tmp_path):
    export_litert(classifier, tmp_path / "again.tflite")
    assert (tmp_path / "again.tflite").read_bytes() == path.read_bytes()


def test_a_smaller_window(classifier, tmp_path):
    export_litert(classifier, tmp_path / "small.tflite", max_words=5)
    settings = read_settings(tmp_path / "small.tflite")
    assert (settings["max_words"], settings["max_characters"]) == (5, 40)
    small = toy.preprocessor(max_words=5, max_characters=40)
    texts = [*TEXTS, "the awful dinner and the awful trip were fine and so was the film"]
    logits = np.asarray(classifier(small(tf.constant(texts)), training=False))
    answers = litert_predictor(tmp_path / "small.tflite").predict_proba(texts)
    np.testing.assert_allclose(answers, classifier.activate(logits), atol=1e-5)


@pytest.mark.parametrize("max_words", [0, 13])
def test_a_window_that_the_model_does_not_have(classifier, tmp_path, max_words):
    with pytest.raises(UserError, match=f"between 1 and 12.*Received: max_words={max_words}"):
        export_litert(classifier, tmp_path / "model.tflite", max_words=max_words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["pair_classifier", "aligned_classifier"])
def test_pairs(name, request, exported):
    task = request.getfixturevalue(name)
    path = exported(name) / "model.tflite"
    inputs = interpreter(path).get_signature_runner().get_input_details()
    assert set(inputs) == {"code_points", "code_points_pair"}
    logits = toy.outputs(task, (tf.constant(TEXTS), tf.constant(PAIRS)))
    answers = litert_predictor(path).predict_proba((TEXTS, PAIRS))
    np.testing.assert_allclose(answers, task.activate(logits), atol=1e-5)


def test_scores_have_no_labels(exported):
    path = exported("scorer") / "model.tflite"
    assert read_settings(path)["labels"] is None
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["eelbert.json"]
    [(name, score)] = interpreter(path).get_signature_runner().get_output_details().items()
    assert (name, score["shape"].tolist()) == ("score", [1])


def test_embeddings_of_another_hash(tmp_path):
    from eelbert_tf.models import EelbertPreprocessor, EelbertTextEmbedder

    backbone = toy.backbone(hash_orders=4, hash_seed=5, hash_transform_dim=6)
    preprocessor = EelbertPreprocessor.from_backbone(backbone, max_words=8)
    embedder = EelbertTextEmbedder(backbone=backbone, preprocessor=preprocessor)
    export_litert(toy.with_random_weights(embedder), tmp_path / "embeddings.tflite")
    vectors = litert_predictor(tmp_path / "embeddings.tflite").embed(TEXTS)
    np.testing.assert_allclose(vectors, toy.outputs(embedder, tf.constant(TEXTS)), atol=1e-5)


def lower(text):
    return tf.strings.length(tf.strings.lower(text))


def concrete():
    return tf.function(lower).get_concrete_function(tf.TensorSpec([1], tf.string))


def test_other_operations_do_not_convert():
    with pytest.raises(UserError, match="does not convert to LiteRT builtins"):
        convert(concrete())


def test_flex_operations_are_refused():
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete()])
    converter.target_spec.supported_ops = [
        tf.lite.OpsSet.TFLITE_BUILTINS,
        tf.lite.OpsSet.SELECT_TF_OPS,
    ]
    model = converter.convert()
    with pytest.raises(UserError, match="builtins only.*Received: FlexStringL"):
        refuse_other_than_builtins(model)


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_files_without_settings(tmp_path, content):
    path = tmp_path / "model.tflite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match="holds no eelbert.json: it was not made by export_litert"):
        read_settings(path)
