"""MediaPipe's Python tasks take `--format mediapipe` files as they are, and answer as we say."""

import json

import numpy as np
import pytest

from eelbert_tf.export.mediapipe import export_mediapipe
from eelbert_tf.runtimes.litert_runtime import litert_predictor
from tests import toy
from tests.environments.conftest import run_python

CODE = """
import json, sys
from mediapipe.tasks.python import text

path, texts = sys.argv[1], json.loads(sys.argv[2])
with text.TextClassifier.create_from_model_path(path + "/classifier.tflite") as classifier:
    answers = [classifier.classify(one).classifications[0].categories for one in texts]
    classes = [{c.category_name: c.score for c in categories} for categories in answers]
with text.TextEmbedder.create_from_model_path(path + "/embedder.tflite") as embedder:
    vectors = [embedder.embed(one).embeddings[0].embedding.tolist() for one in texts]
print(json.dumps([classes, vectors]))
"""
TEXTS = [
    *toy.TEXTS[::5],
    *toy.ODD_TEXTS,
    # Latin-1, the Basic Multilingual Plane in steps, beyond; what WordPiece would lose.
    *("".join(map(chr, range(start, start + 48))) for start in range(0x20, 0x250, 48)),
    "".join(chr(point) for point in range(0x20, 0x10000, 997) if not 0xD800 <= point < 0xE000),
    "👍🏽 👩‍👩‍👧 🇩🇪 1️⃣ 𝒳",
    "don't 'quote'  don ' t.\tnow , ok\n",
    "[CLS] <unk> ▁ ##x [SEP]",
    "an end\0that MediaPipe does not see",
    "漢" * 200,
    "aé漢😀 " * 60,
    "word " * 2000,
]


@pytest.mark.parametrize("quantize", ["none", "int8"])
def test_every_text(python, classifier, embedder, tmp_path, quantize):
    export_mediapipe(classifier, tmp_path / "classifier.tflite", quantize=quantize, card="# A\n")
    export_mediapipe(embedder, tmp_path / "embedder.tflite", quantize=quantize)
    output = run_python(python, CODE, tmp_path, json.dumps(TEXTS), cwd=tmp_path)
    classes, vectors = json.loads(output.splitlines()[-1])
    # LiteRT behind what we say MediaPipe does to a text.
    predictor = litert_predictor(tmp_path / "classifier.tflite")
    probabilities = [[answer[label] for label in predictor.labels] for answer in classes]
    np.testing.assert_allclose(probabilities, predictor.predict_proba(TEXTS), atol=1e-6)
    expected = litert_predictor(tmp_path / "embedder.tflite").embed(TEXTS)
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    if quantize == "none":
        whole = [place for place, text in enumerate(TEXTS) if "\0t" not in text]
        keras = classifier.predict_proba([TEXTS[place] for place in whole])
        np.testing.assert_allclose(np.array(probabilities)[whole], keras, atol=1e-5)


@pytest.fixture(scope="module")
def python(environment):
    return environment("mediapipe==1.2.2")
