"""What is exported runs where nothing of this package is."""

import json
import subprocess

import numpy as np

from tests.environments.conftest import installed, run_python
from tests.source_tree import ROOT

SAVED_MODEL = """
import json, sys
import tensorflow as tf
served = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
answer = served(text=tf.constant(json.loads(sys.argv[2])))
assert "tensorflow_text" not in sys.modules
print(json.dumps(answer["probabilities"].numpy().tolist()))
"""

EDGE = ROOT / "examples/python_edge"


def test_saved_model_needs_tensorflow_alone(environment, model, tmp_path):
    path, texts, expected = model
    python = environment("tensorflow>=2.21,<2.22")
    output = run_python(python, SAVED_MODEL, path / "saved_model", json.dumps(texts), cwd=tmp_path)
    np.testing.assert_allclose(json.loads(output.splitlines()[-1]), expected, atol=1e-5)


def test_tflite_needs_litert_alone(environment, model, tmp_path):
    path, texts, expected = model
    python = environment("-r", EDGE / "requirements.txt")
    assert {"tensorflow", "keras", "eelbert_tf"}.isdisjoint(installed(python))
    given = "\n".join([*texts, "\ufffd"]).encode().replace("\ufffd".encode(), b"\xff")
    done = subprocess.run(
        [python, EDGE / "classify.py", path / "model.tflite"], input=given, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert [text for _, _, text in rows] == [*texts, "\ufffd"]
    assert [label for label, _, _ in rows[:-1]] == [str(row.argmax()) for row in expected]
    probabilities = [float(probability) for _, probability, _ in rows[:-1]]
    np.testing.assert_allclose(probabilities, expected.max(axis=-1), atol=1e-5)
