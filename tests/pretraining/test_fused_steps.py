"""Many steps of one call train as the same steps by themselves do; on the JAX backend alone."""

import os
import subprocess
import sys

import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining.config import PretrainingConfig
from eelbert_tf.pretraining.pretrain import pretrain


def test_fused_steps_train_as_single_ones_do(shards, student, bert, targets):
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    paths = [shards.directory, student, bert, targets.directory]
    done = subprocess.run(
        [sys.executable, "-m", "tests.pretraining.fused_process", *map(str, paths)],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_another_backend_is_told_what_it_needs(shards, student, tmp_path):
    config = PretrainingConfig(steps_per_execution=8)
    with pytest.raises(UserError, match="needs the JAX backend .* on tensorflow"):
        pretrain(shards, student, tmp_path / "out", config)
