"""What is built installs and trains where there is JAX and no TensorFlow."""

import subprocess

from tests.environments.conftest import run_python
from tests.source_tree import build_wheel, copy_source_tree

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
from eelbert_tf.cli.main import main
with open("corpus.txt", "w") as file:
    file.write("One dog saw two cats and a bird.\\n\\n" * 20)
main(["pretrain", "corpus.txt", "--out", "preset", "--batch-tokens", "64"])
assert eelbert_tf.EelbertBackbone.from_preset("preset").num_layers == 2
print("trained")
"""


def test_trains_on_jax_where_tensorflow_is_not_installed(environment, tmp_path):
    (tmp_path / "tree").mkdir()
    wheel = build_wheel(copy_source_tree(tmp_path / "tree"), tmp_path)
    # KerasHub names tensorflow-text, and so TensorFlow, among its needs; it runs without.
    python = environment("keras>=3.15,<3.16", "jax>=0.10,<0.11", "kagglehub", "rich", "regex")
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, wheel, "keras-hub>=0.32,<0.33", "tokenizers"], check=True)
    assert run_python(python, JAX, cwd=tmp_path).splitlines()[-1] == "trained"
