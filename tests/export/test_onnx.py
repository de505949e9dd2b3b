"""Tests of `.onnx` files in onnxruntime."""

import json
import pathlib
import re
import sys
from unittest import mock

import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import read_settings
from eelbert_tf.export.onnx import OPSET, convert, export_onnx
from eelbert_tf.hashing import vectors, words
from eelbert_tf.hashing.code_points import to_code_points
from eelbert_tf.hashing.specification import HashConfig
from eelbert_tf.models import EelbertPreprocessor, EelbertTextEmbedder
from eelbert_tf.runtimes.onnx_runtime import onnx_predictor
from tests import toy

TEXTS = [*toy.TEXTS[::5], *toy.ODD_TEXTS, "😀 e\u0301 한국 \u00a0", "漢" * 100]
CARD = "# Größe\n"
LENGTH = 48


@pytest.fixture(scope="module")
def path(classifier, tmp_path_factory):
    path = tmp_path_factory.mktemp("onnx") / "model.onnx"
    export_onnx(classifier, path, card=CARD)
    return path


def test_inputs_and_outputs(path):
    session = onnxruntime.InferenceSession(path)
    ((name, type, shape),) = [(i.name, i.type, i.shape) for i in session.get_inputs()]
    assert (name, type, shape[1]) == ("code_points", "tensor(int32)", 96)
    ((name, type, shape),) = [(o.name, o.type, o.shape) for o in session.get_outputs()]
    assert (name, type, shape[1]) == ("probabilities", "tensor(float)", 2)


def test_answers_are_those_of_keras(path, classifier):
    predictor = onnx_predictor(path)
    expected = classifier.activate(toy.outputs(classifier, tf.constant(TEXTS)))
    np.testing.assert_allclose(predictor.predict_proba(TEXTS), expected, atol=1e-5)
    alone = [predictor.predict_proba([text])[0] for text in TEXTS]
    np.testing.assert_allclose(alone, expected, atol=1e-5)
    assert predictor.predict(toy.TEXTS) == toy.LABELS


def test_the_page_of_commands_runs_it(path, monkeypatch, capsys):
    page = (pathlib.Path(__file__).parents[2] / "docs/command-line.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.S) if "onnx" in block]
    monkeypatch.chdir(path.parent)
    exec(code, {})
    (expected,) = onnx_predictor(path).predict(["a great film"])
    assert capsys.readouterr().out.strip() == expected


def test_stock_operations(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert [(item.domain, item.version) for item in model.opset_import] == [("", OPSET)]
    assert {node.domain for node in model.graph.node} == {""}
    assert not model.functions


def test_labels_settings_and_card_are_metadata(path, exported):
    texts = {item.key: item.value for item in onnx.load(path).metadata_props}
    assert set(texts) == {"eelbert.json", "labels.txt", "README.md"}
    assert (texts["labels.txt"], texts["README.md"]) == ("bad\ngood\n", CARD)
    assert json.loads(texts["eelbert.json"]) == read_settings(
        exported("classifier") / "model.tflite"
    )


def test_pairs_in_a_smaller_window(pair_classifier, tmp_path):
    export_onnx(pair_classifier, tmp_path / "model.onnx", pair=True, max_words=5)
    small = toy.preprocessor(max_words=5, max_characters=40)
    pairs = TEXTS[::-1]
    inputs = small((tf.constant(TEXTS), tf.constant(pairs)))
    expected = pair_classifier.activate(np.asarray(pair_classifier(inputs, training=False)))
    answers = onnx_predictor(tmp_path / "model.onnx").predict_proba((TEXTS, pairs))
    np.testing.assert_allclose(answers, expected, atol=1e-5)


def test_embeddings_of_words_and_of_buckets(tmp_path):
    backbone = toy.backbone(hash_orders=4, bucket_orders=[2, 3], bucket_count=50, bucket_dim=4)
    preprocessor = EelbertPreprocessor.from_backbone(backbone, max_words=8)
    embedder = EelbertTextEmbedder(backbone=backbone, preprocessor=preprocessor)
    toy.with_random_weights(embedder)
    export_onnx(embedder, tmp_path / "model.onnx")
    answers = onnx_predictor(tmp_path / "model.onnx").embed(TEXTS)
    np.testing.assert_allclose(answers, toy.outputs(embedder, tf.constant(TEXTS)), atol=1e-5)


@pytest.mark.parametrize("kind", ["ngram", "random"])
def test_the_hash_keeps_every_bit(kind):
    config = HashConfig(dim=12, kind=kind)

    def function(**inputs):
        segments = words.segment(inputs["code_points"])
        return {"vectors": vectors.pool(segments, config, 8)}

    spec = tf.TensorSpec([None, LENGTH], tf.int32, name="code_points")
    concrete = tf.function(function).get_concrete_function(code_points=spec)
    session = onnxruntime.InferenceSession(convert(concrete).SerializeToString())
    code_points = to_code_points(TEXTS, LENGTH)
    (answer,) = session.run(None, {"code_points": code_points})
    np.testing.assert_array_equal(answer, function(code_points=code_points)["vectors"].numpy())


def test_other_operations_do_not_convert():
    function = tf.function(lambda **inputs: {"scripts": tf.strings.unicode_script(inputs["x"])})
    spec = tf.TensorSpec([1], tf.int32, name="x")
    with pytest.raises(UserError, match="does not convert to ONNX's own operations: .*UnicodeS"):
        convert(function.get_concrete_function(x=spec))


def test_the_extra_is_named(classifier, tmp_path):
    extra = r"pip install 'eelbert_tf\[onnx\]'"
    missing = mock.patch.dict(sys.modules, {"onnxruntime": None})
    with missing, pytest.raises(UserError, match=f"needs onnxruntime.*{extra}"):
        onnx_predictor(tmp_path / "model.onnx")
    missing = mock.patch("importlib.util.find_spec", lambda name: None)
    with missing, pytest.raises(UserError, match=f"needs onnx, .*{extra}"):
        export_onnx(classifier, tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no model", None])
def test_damaged_files(tmp_path, content):
    path = tmp_path / "model.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match="holds no ONNX model that can be loaded"):
        onnx_predictor(path)


def test_models_of_others(path, tmp_path):
    model = onnx.load(path)
    del model.metadata_props[:]
    onnx.save(model, tmp_path / "other.onnx")
    with pytest.raises(UserError, match="holds no eelbert.json: it was not made by export_onnx"):
        onnx_predictor(tmp_path / "other.onnx")
