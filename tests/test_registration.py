"""Tests of saved models in a process that has imported this package's name alone."""

import subprocess
import sys

import numpy as np
import tensorflow as tf

from tests import toy

# Whoever loads a model need not know where its classes are.
CODE = """
import sys
import eelbert_tf
import keras
import numpy as np
task = keras.models.load_model(sys.argv[1])
np.save(sys.argv[2], task(task.preprocessor({texts!r}), training=False))
print("backbone", type(task.backbone).__name__, "optimizer", int(task.optimizer.iterations))
"""


def test_load_model(classifier, tmp_path):
    classifier.save(tmp_path / "model.keras")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            CODE.format(texts=toy.TEXTS),
            str(tmp_path / "model.keras"),
            str(tmp_path / "logits.npy"),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    assert done.stdout.split() == ["backbone", "EelbertBackbone", "optimizer", "90"]
    expected = toy.outputs(classifier, tf.constant(toy.TEXTS))
    np.testing.assert_allclose(np.load(tmp_path / "logits.npy"), expected, atol=1e-5)
