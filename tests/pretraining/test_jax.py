"""The same shards train under JAX, and the weights load under TensorFlow."""

import os
import subprocess
import sys

import numpy as np

from eelbert_tf.models import EelbertTextEmbedder

CODE = """
import sys
from eelbert_tf.models import EelbertTextEmbedder
import numpy as np
embedder = EelbertTextEmbedder.from_preset(sys.argv[1])
np.save(sys.argv[2], embedder.predict(["a fine film", "what is it ?"], verbose=0))
"""


def test_weights_that_jax_trained_answer_alike_on_tensorflow(shards, student, targets, tmp_path):
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}

    def run(*command):
        done = subprocess.run(
            [sys.executable, *map(str, command)], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    out, answers = tmp_path / "preset", tmp_path / "answers.npy"
    printed = run(
        "-m",
        "tests.pretraining.jax_process",
        shards.directory,
        student,
        targets.directory,
        out,
    )
    assert np.isfinite(float(printed.split()[-1]))
    run("-c", CODE, out, answers)
    embedder = EelbertTextEmbedder.from_preset(out)
    ours = embedder.predict(["a fine film", "what is it ?"], verbose=0)
    np.testing.assert_allclose(ours, np.load(answers), atol=1e-5)
