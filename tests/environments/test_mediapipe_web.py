"""MediaPipe's tasks in a browser answer to `--format mediapipe` files as Keras does."""

import numpy as np
import pytest

from eelbert_tf.export.mediapipe import export_mediapipe
from tests import toy
from tests.environments import node

TEXTS = [
    *toy.TEXTS[::5],
    *toy.ODD_TEXTS,
    "WAKE me at six",
    "🙏👩‍👩‍👧",
    "don't  stop.now , ok",
    "one \ud83d half of an emoji",
    "Привет, мир! שלום สวัสดี ガギ 안녕",
]


@pytest.fixture(scope="module")
def seen(browser, classifier, embedder):
    export_mediapipe(classifier, browser / "classifier.tflite")
    export_mediapipe(embedder, browser / "embedder.tflite")
    texts = [node.code_units(text) for text in TEXTS]
    cases = [
        {"task": "TextClassifier", "model": "classifier.tflite", "texts": texts},
        {"task": "TextEmbedder", "model": "embedder.tflite", "texts": texts},
    ]
    return node.run_script(browser, "mediapipe.mjs", given=cases)


def test_classes(seen, classifier):
    expected = classifier.predict_proba(TEXTS)
    for answer, probabilities, text in zip(seen["answers"][0], expected, TEXTS, strict=True):
        wanted = dict(zip(classifier.labels, probabilities))
        assert answer == pytest.approx(wanted, abs=1e-5), text


def test_embeddings(seen, embedder):
    expected = embedder.predict(TEXTS, verbose=0)
    np.testing.assert_allclose(seen["answers"][1], expected, atol=1e-5)


def test_asks_no_other_host(seen):
    assert len(set(seen["hosts"])) == 1
    assert seen["hosts"][0].startswith("127.0.0.1:")
