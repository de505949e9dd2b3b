"""Tests of learning a teacher's layers."""

import dataclasses
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.distillation.config import LayerConfig
from eelbert_tf.distillation.imitate_layers import imitate_layers
from eelbert_tf.errors import UserError
from tests import toy
from tests.distillation.conftest import bert
from tests.distillation.test_layer_imitation import losses

CONFIG = LayerConfig(epochs=50, batch_tokens=400, learning_rate=2e-2, teacher_dtype="float32")


def decomposed(tokenizer):
    factors = {"protocol": "IV", "rank": 8, "bank": 4}
    return EncoderPreset(bert(seed=1, encoder_factors=factors), tokenizer)


def eelbert(tokenizer):
    return EncoderPreset(toy.backbone(), toy.preprocessor())


@pytest.mark.parametrize("make", [decomposed, eelbert])
def test_the_gap_shrinks_to_a_third(make, teacher, tokenizer, rows, tmp_path):
    student = make(tokenizer)
    before = losses(student, teacher, rows)[0]
    told = []
    imitate_layers(teacher, student, rows, tmp_path / "run", CONFIG, {}, report=told.append)
    assert told[-1].step == told[-1].steps == 50
    after = losses(student, teacher, rows)[0]
    for name, loss in before.items():
        assert after[name] < loss / 3, name


def test_a_run_that_was_stopped_goes_on(teacher, tokenizer, rows, tmp_path, eager_steps):
    config = LayerConfig(epochs=2, batch_tokens=100, learning_rate=1e-2)

    def run(folder, teacher_name="one", **loop):
        student = EncoderPreset(bert(seed=1, num_layers=1, hidden_dim=8), tokenizer)
        facts = {"teacher": teacher_name}
        imitate_layers(teacher, student, rows, tmp_path / folder, config, facts, **loop)
        return student.backbone.get_weights()

    def stop(batch, logs=None):
        if batch == 4:
            raise KeyboardInterrupt

    stopping = keras.callbacks.LambdaCallback(on_train_batch_end=stop)
    with pytest.raises(KeyboardInterrupt):
        run("stopped", callbacks=[stopping], checkpoint_seconds=0.0)
    for weight, unbroken in zip(run("stopped"), run("unbroken")):
        np.testing.assert_allclose(weight, unbroken, atol=1e-6)
    with pytest.raises(UserError, match="teacher=other"):
        run("stopped", "other")


def test_many_steps_of_one_call_learn_as_single_ones_do(tmp_path):
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.distillation.fused_process", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_many_steps_of_one_call_need_jax(teacher, rows, tmp_path):
    config = dataclasses.replace(CONFIG, steps_per_execution=8)
    with pytest.raises(UserError, match="needs the JAX backend .* on tensorflow"):
        imitate_layers(teacher, teacher, rows, tmp_path / "run", config, {})
