"""Tests of SavedModels."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

from eelbert_tf.errors import UserError
from eelbert_tf.export.litert import export_litert
from eelbert_tf.export.saved_model import export_saved_model
from eelbert_tf.models import EelbertTokenClassifier
from tests import toy
from tests.export.isolated import run_isolated

TEXTS = [*toy.TEXTS, *toy.ODD_TEXTS]
PAIRS = [*toy.ODD_TEXTS, *toy.TEXTS]


def load(path):
    model = tf.saved_model.load(str(path))
    signature = model.signatures["serving_default"]

    def serve(*columns):
        inputs = zip(("text", "text_pair"), map(tf.constant, columns))
        return {name: value.numpy() for name, value in signature(**dict(inputs)).items()}

    serve.model, serve.signature = model, signature
    return serve


def described(specs):
    return {name: (spec.dtype.name, tuple(spec.shape)) for name, spec in specs.items()}


@pytest.fixture(scope="module")
def path(model_directory):
    return model_directory / "saved_model"


@pytest.fixture(scope="module")
def serve(path):
    return load(path)


def test_signature_of_a_classifier(serve):
    inputs = serve.signature.structured_input_signature[1]
    assert described(inputs) == {"text": ("string", (None,))}
    assert described(serve.signature.structured_outputs) == {
        "label": ("string", (None,)),
        "probabilities": ("float32", (None, 2)),
        "classes": ("string", (None, 2)),
    }


def test_answers_of_a_classifier(serve, classifier):
    answers = serve(TEXTS)
    expected = classifier.activate(toy.outputs(classifier, tf.constant(TEXTS)))
    np.testing.assert_allclose(answers["probabilities"], expected, atol=1e-5)
    assert answers["classes"].tolist() == [[b"bad", b"good"]] * len(TEXTS)
    best = answers["classes"][np.arange(len(TEXTS)), answers["probabilities"].argmax(axis=1)]
    assert answers["label"].tolist() == best.tolist()
    assert answers["label"][:24].tolist() == [label.encode() for label in toy.LABELS]


def test_an_empty_batch(serve):
    answers = serve(np.array([], dtype="S1"))
    assert answers["probabilities"].shape == (0, 2)
    assert answers["label"].shape == (0,)


def test_operations_are_those_of_core_tensorflow(path):
    saved = SavedModel.FromString((path / "saved_model.pb").read_bytes())
    graph = saved.meta_graphs[0].graph_def
    nodes = [*graph.node, *(node for f in graph.library.function for node in f.node_def)]
    functions = {function.signature.name for function in graph.library.function}
    names = {node.op for node in nodes} - functions
    assert {"UnicodeDecode", "MatMul"} <= names
    assert not {name for name in names if not hasattr(tf.raw_ops, name)}


def test_a_server_needs_tensorflow_alone(path, classifier, tmp_path):
    code = """
import numpy as np
import tensorflow as tf
serve = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
texts = np.load(sys.argv[2])
np.save(sys.argv[3], serve(text=tf.constant(texts))["probabilities"])
assert not [name for name in sys.modules if name.startswith(("keras", "eelbert", "tf_keras"))]
"""
    np.save(tmp_path / "texts.npy", np.array([text.encode() for text in TEXTS[:-1]]))
    arguments = (path, tmp_path / "texts.npy", tmp_path / "answers.npy")
    blocked = ("keras", "keras_hub", "keras_nlp", "tf_keras", "tensorflow_text", "eelbert_tf")
    run_isolated(code, *arguments, blocked=blocked, folder=tmp_path)
    expected = classifier.activate(toy.outputs(classifier, tf.constant(TEXTS[:-1])))
    np.testing.assert_allclose(np.load(tmp_path / "answers.npy"), expected, atol=1e-5)


@pytest.mark.parametrize("name", ["pair_classifier", "aligned_classifier"])
def test_pairs(name, request, exported):
    task = request.getfixturevalue(name)
    serve = load(exported(name) / "saved_model")
    inputs = serve.signature.structured_input_signature[1]
    assert described(inputs) == {"text": ("string", (None,)), "text_pair": ("string", (None,))}
    logits = toy.outputs(task, (tf.constant(TEXTS), tf.constant(PAIRS)))
    answers = serve(TEXTS, PAIRS)
    np.testing.assert_allclose(answers["probabilities"], task.activate(logits), atol=1e-5)
    assert answers["classes"][0].tolist() == [b"no", b"maybe", b"yes"]


def test_several_labels_have_no_likeliest(multi_label_classifier, exported):
    answers = load(exported("multi_label_classifier") / "saved_model")(TEXTS)
    assert set(answers) == {"probabilities", "classes"}
    logits = toy.outputs(multi_label_classifier, tf.constant(TEXTS))
    np.testing.assert_allclose(answers["probabilities"], 1 / (1 + np.exp(-logits)), atol=1e-5)


def test_scores(scorer, exported):
    serve = load(exported("scorer") / "saved_model")
    assert described(serve.signature.structured_outputs) == {"score": ("float32", (None,))}
    expected = toy.outputs(scorer, tf.constant(TEXTS))[:, 0]
    np.testing.assert_allclose(serve(TEXTS)["score"], expected, atol=1e-5)


def test_embeddings(embedder, exported):
    serve = load(exported("embedder") / "saved_model")
    assert described(serve.signature.structured_outputs) == {"embedding": ("float32", (None, 6))}
    expected = toy.outputs(embedder, tf.constant(TEXTS))
    np.testing.assert_allclose(serve(TEXTS)["embedding"], expected, atol=1e-5)


@pytest.mark.parametrize("export", [export_saved_model, export_litert])
def test_other_tasks_are_refused(export, tmp_path):
    tagger = EelbertTokenClassifier(**toy.parts(), labels=["O", "X"])
    with pytest.raises(UserError, match="Only an EelbertTextClassifier.*EelbertTokenClassifier"):
        export(tagger, tmp_path / "tagger")
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_replaced_only_if_allowed(classifier, path):
    with pytest.raises(UserError, match="exists already"):
        export_saved_model(classifier, path)
    assert (path / "saved_model.pb").is_file()
