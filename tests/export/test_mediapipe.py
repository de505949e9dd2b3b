"""Tests of files for MediaPipe, computed by LiteRT; `tests/environments` has MediaPipe itself."""

import json
import zipfile

import numpy as np
import pytest
from tensorflow.lite.python import schema_py_generated as schema

from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import read_settings
from eelbert_tf.export.litert import export_litert
from eelbert_tf.export.mediapipe import INPUTS, export_mediapipe
from eelbert_tf.export.mediapipe_tokenizer import tokenizer_model
from eelbert_tf.runtimes.litert_runtime import interpreter, litert_predictor
from tests import toy

CARD = "# Größe\n"
# What MediaPipe's WordPiece tokenizer would lose; the window's end in a word, in a character.
TEXTS = [
    *toy.TEXTS[::5],
    *(text.replace("\0", " ") for text in toy.ODD_TEXTS),
    "don't 'quote' don ' t",
    "e\u0301 \u00a0\u00df\u200bx 👍🏽 😀\t\n한국",
    "\u6f22" * 100,
    "😀" * 100,
    "aé漢😀" * 30,
]


@pytest.fixture(scope="module")
def path(classifier, tmp_path_factory):
    path = tmp_path_factory.mktemp("mediapipe") / "model.tflite"
    export_mediapipe(classifier, path, card=CARD)
    return path


def model_of(path):
    return schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0))


def test_every_bit_is_that_of_the_other_tflite(path, exported):
    predictor = litert_predictor(path)
    other = litert_predictor(exported("classifier") / "model.tflite")
    np.testing.assert_array_equal(predictor.predict_proba(TEXTS), other.predict_proba(TEXTS))
    assert predictor.labels == ["bad", "good"]
    assert predictor.predict(toy.TEXTS) == toy.LABELS


def test_inputs_are_those_of_bert(path):
    runner = interpreter(path).get_signature_runner()
    inputs = runner.get_input_details()
    assert set(inputs) == set(INPUTS)
    for details in inputs.values():
        assert (details["dtype"], details["shape"].tolist()) == (np.int32, [1, 6 * 96 + 2])
    assert list(runner.get_output_details()) == ["probabilities"]


def test_builtins_only(path):
    codes = model_of(path).operatorCodes
    assert not [code for code in codes if code.builtinCode == schema.BuiltinOperator.CUSTOM]
    assert not [code for code in codes if code.customCode]


def test_the_archive_is_not_compressed(path):
    with zipfile.ZipFile(path) as archive:
        # MediaPipe refuses all others.
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.read("bytes.model") == tokenizer_model()
        assert archive.read("labels.txt") == b"bad\ngood\n"
        assert archive.read("README.md").decode("utf-8") == CARD
        assert json.loads(archive.read("eelbert.json")) == read_settings(path)
    settings = read_settings(path)
    assert (settings["format"], settings["hash_version"]) == ("mediapipe", 1)
    assert (settings["max_words"], settings["max_characters"]) == (12, 96)


def test_metadata_name_what_is_in_the_archive(path):
    model = model_of(path)
    (metadata,) = [item for item in model.metadata if item.name == b"TFLITE_METADATA"]
    data = bytes(model.buffers[metadata.buffer].data)
    assert data[4:8] == b"M001"
    for name in (*INPUTS, "probabilities", "bytes.model", "labels.txt", "eelbert.json"):
        assert name.encode() + b"\0" in data


def test_an_embedder_in_fewer_bits_and_a_smaller_window(embedder, tmp_path):
    given = {"quantize": "int4", "max_words": 5}
    export_mediapipe(embedder, tmp_path / "model.tflite", **given)
    export_litert(embedder, tmp_path / "other.tflite", **given)
    vectors = litert_predictor(tmp_path / "model.tflite").embed(TEXTS)
    expected = litert_predictor(tmp_path / "other.tflite").embed(TEXTS)
    np.testing.assert_array_equal(vectors, expected)
    with zipfile.ZipFile(tmp_path / "model.tflite") as archive:
        assert archive.namelist() == ["eelbert.json", "bytes.model"]


def test_the_same_model_gives_the_same_bytes(path, classifier, tmp_path):
    export_mediapipe(classifier, tmp_path / "again.tflite", card=CARD)
    assert (tmp_path / "again.tflite").read_bytes() == path.read_bytes()


def test_what_mediapipe_has_no_task_for(pair_classifier, scorer, tmp_path):
    with pytest.raises(UserError, match="pairs.*its TextClassifier takes one text"):
        export_mediapipe(pair_classifier, tmp_path / "model.tflite", pair=True)
    with pytest.raises(UserError, match="scores.*gives probabilities of classes"):
        export_mediapipe(scorer, tmp_path / "model.tflite")
    assert list(tmp_path.iterdir()) == []
