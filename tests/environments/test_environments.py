"""What is exported runs where nothing of this package is; what is built installs and runs."""

import json
import subprocess

import numpy as np

from tests.environments.conftest import run_python
from tests.source_tree import build_wheel, copy_source_tree

SAVED_MODEL = """
import json, sys
import tensorflow as tf
served = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
answer = served(text=tf.constant(json.loads(sys.argv[2])))
assert "tensorflow_text" not in sys.modules
print(json.dumps(answer["probabilities"].numpy().tolist()))
"""

LITERT = """
import json, sys, zipfile
import numpy as np
from ai_edge_litert.interpreter import Interpreter
assert zipfile.ZipFile(sys.argv[1]).read("labels.txt").decode().split() == ["0", "1"]
run = Interpreter(sys.argv[1]).get_signature_runner()
length = run.get_input_details()["code_points"]["shape"][1]
rows = []
for text in json.loads(sys.argv[2]):
    points = [ord(character) for character in text][:length]
    points = np.array([points + [0] * (length - len(points))], "int32")
    rows.append(run(code_points=points)["probabilities"][0].tolist())
print(json.dumps(rows))
"""

JAX = """
import importlib.util, os
os.environ["KERAS_BACKEND"] = "jax"
import eelbert_tf
classifier = eelbert_tf.EelbertTextClassifier.from_preset("eelbert_uno", labels=["a", "b"])
classifier.fit(["one", "two"] * 8, ["a", "b"] * 8, epochs=30, batch_size=8, verbose=0)
assert classifier.predict_labels(["one", "two"]) == ["a", "b"]
assert importlib.util.find_spec("tensorflow") is None
for name, facts in eelbert_tf.list_presets().items():
    if facts["pretrained"]:
        eelbert_tf.EelbertBackbone.from_preset(name)
print("trained")
"""


def test_saved_model_needs_tensorflow_alone(environment, model, tmp_path):
    path, texts, expected = model
    python = environment("tensorflow>=2.21,<2.22")
    output = run_python(python, SAVED_MODEL, path / "saved_model", json.dumps(texts), cwd=tmp_path)
    np.testing.assert_allclose(json.loads(output.splitlines()[-1]), expected, atol=1e-5)


def test_tflite_needs_litert_alone(environment, model, tmp_path):
    path, texts, expected = model
    python = environment("ai-edge-litert>=2.3,<2.4", "numpy")
    output = run_python(python, LITERT, path / "model.tflite", json.dumps(texts), cwd=tmp_path)
    np.testing.assert_allclose(json.loads(output.splitlines()[-1]), expected, atol=1e-5)


def test_trains_on_jax_where_tensorflow_is_not_installed(environment, tmp_path):
    (tmp_path / "tree").mkdir()
    wheel = build_wheel(copy_source_tree(tmp_path / "tree"), tmp_path)
    # KerasHub names tensorflow-text, and so TensorFlow, among its needs; it runs without.
    python = environment("keras>=3.15,<3.16", "jax>=0.10,<0.11", "kagglehub", "rich", "regex")
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, wheel, "keras-hub>=0.32,<0.33", "tokenizers"], check=True)
    assert run_python(python, JAX, cwd=tmp_path).splitlines()[-1] == "trained"
