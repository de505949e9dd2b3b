"""Whole runs: they learn, go on where they were stopped, and leave what they found on errors."""

import dataclasses
import signal
import subprocess
import sys

import keras
import keras_hub
import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.models import EelbertBackbone
from eelbert_tf.pretraining.config import PretrainingConfig
from eelbert_tf.pretraining.pretrain import pretrain
from tests import toy

CONFIG = PretrainingConfig(epochs=6, batch_tokens=400, learning_rate=1e-2, label_count=20)


def losses_of_run(shards, preset, out, **changes):
    """Pretrain; returns the first and the last loss that were reported."""
    reports = []
    targets = changes.pop("targets", None)
    pretrain(
        shards, preset, out, dataclasses.replace(CONFIG, **changes), targets, report=reports.append
    )
    return reports


@pytest.mark.parametrize(
    "objectives",
    [
        ("masked_lm",),
        ("discrimination",),
        ("distillation",),
        ("sentence_distillation",),
        ("distillation", "discrimination"),
    ],
)
def test_every_objective_learns(shards, student, targets, tmp_path, monkeypatch, objectives):
    monkeypatch.setattr("eelbert_tf.training.trainer.REPORT_EVERY", 10)
    out = tmp_path / "preset"
    reports = losses_of_run(shards, student, out, objectives=objectives, targets=targets)
    assert reports[-1].loss < 0.95 * reports[0].loss
    assert reports[-1].step == reports[-1].steps and reports[-1].seconds_left == 0
    assert reports[-1].words_per_second > 0
    trained, start = EelbertBackbone.from_preset(out), EelbertBackbone.from_preset(student)
    for new, old in zip(trained.get_weights(), start.get_weights()):
        assert np.isfinite(new).all() and (new.ndim < 2 or not np.array_equal(new, old))
    assert trained.get_config() == start.get_config()


@pytest.mark.parametrize("objective", ["distillation", "sentence_distillation"])
def test_distillation_leaves_an_embedder_near_the_teacher(
    shards, student, targets, tmp_path, objective
):
    from eelbert_tf.models import EelbertTextClassifier, EelbertTextEmbedder

    config = dataclasses.replace(CONFIG, objectives=(objective,), epochs=40)
    pretrain(shards, student, tmp_path / "out", config, targets)
    embedder = EelbertTextEmbedder.from_preset(tmp_path / "out")
    words, (numbers, ends) = shards.words()[0], shards.load(0)
    texts = [" ".join(words[n] for n in part) for part in np.split(numbers, ends[:-1])]
    similarity = (embedder.predict(texts, verbose=0) * targets.load(0)[1]).sum(axis=1)
    assert similarity.mean() > 0.8
    EelbertTextClassifier.from_preset(tmp_path / "out", labels=["a", "b"])


def test_a_bert_learns_by_the_same_objectives(shards, bert, targets, tmp_path, monkeypatch):
    monkeypatch.setattr("eelbert_tf.training.trainer.REPORT_EVERY", 10)
    out = tmp_path / "preset"
    objectives = ("masked_lm", "discrimination", "distillation")
    reports = losses_of_run(shards, bert, out, objectives=objectives, targets=targets)
    assert reports[-1].loss < 0.95 * reports[0].loss
    keras_hub.models.BertBackbone.from_preset(str(out))
    tokenizer = keras_hub.models.BertTokenizer.from_preset(str(out))
    assert tokenizer.token_to_id("[MASK]") == 4


def test_a_bert_learns_its_own_masked_lm(shards, bert, tmp_path, monkeypatch):
    monkeypatch.setattr("eelbert_tf.training.trainer.REPORT_EVERY", 10)
    out = tmp_path / "preset"
    reports = losses_of_run(shards, bert, out, objectives=("masked_lm",), row_words=12, epochs=10)
    assert reports[-1].loss < 0.9 * reports[0].loss
    task = keras_hub.models.BertMaskedLM.from_preset(str(out), load_weights=True)
    x, _, _ = task.preprocessor(["a fine film"])
    logits = np.asarray(task(x))
    assert np.isfinite(logits).all() and logits.shape[-1] == task.backbone.vocabulary_size
    random = keras_hub.models.BertMaskedLM(backbone=task.backbone)
    assert not np.allclose(logits, np.asarray(random(x)))
    # Trained on, it begins with the head that it has.
    again = losses_of_run(
        shards, out, tmp_path / "again", objectives=("masked_lm",), row_words=12, learning_rate=1e-9
    )
    assert again[0].loss == pytest.approx(reports[-1].loss, rel=0.1)


def test_rows_are_packed_without_a_teacher_alone():
    with pytest.raises(UserError, match="`row_words` must be left out of distillation"):
        dataclasses.replace(CONFIG, objectives=("sentence_distillation",), row_words=8)
    with pytest.raises(UserError, match="`row_words` must be at least 1. Received: row_words=0"):
        dataclasses.replace(CONFIG, row_words=0)


def test_imitation_comes_near_the_teachers_words(shards, student, targets):
    from eelbert_tf.pretraining.imitation import imitate, word_means
    from eelbert_tf.pretraining.word_inputs import HashedInputs

    backbone = EelbertBackbone.from_preset(student)
    inputs = HashedInputs(backbone, shards.words()[0])
    means = word_means(targets, shards)
    assert means.counts.sum() == shards.word_count and len(means.vectors) == len(means.numbers)
    assert np.square(means.vectors).mean() == pytest.approx(1.0, rel=1e-3)
    encoder = backbone.get_layer("transformer_layer_0").get_weights()

    def similarity(steps):
        learnt = imitate(backbone, inputs, means, steps, learning_rate=2e-2, words=32)
        vectors = [
            v / np.linalg.norm(v, axis=1, keepdims=True)
            for v in (learnt(means.numbers), means.vectors)
        ]
        return (vectors[0] * vectors[1]).sum(axis=1).mean()

    assert similarity(1) + 0.2 < similarity(150) > 0.8
    for new, old in zip(backbone.get_layer("transformer_layer_0").get_weights(), encoder):
        assert np.array_equal(new, old)


def test_a_run_that_was_killed_goes_on_to_the_same_weights(shards, student, targets, tmp_path):
    """Bit-equal, with deterministic operations on one thread."""

    def run(out, kill_at=-1):
        command = [sys.executable, "-m", "tests.pretraining.killed_process", shards.directory]
        command += [student, targets.directory, tmp_path / out, kill_at]
        return subprocess.run([str(part) for part in command], capture_output=True, text=True)

    whole = run("whole")
    assert whole.returncode == 0, whole.stderr
    assert run("parts", kill_at=3).returncode == -signal.SIGKILL
    assert not (tmp_path / "parts").exists()
    again = run("parts")
    assert again.returncode == 0, again.stderr
    assert "from step 3" in again.stdout
    backbones = [EelbertBackbone.from_preset(tmp_path / out) for out in ("whole", "parts")]
    for new, old in zip(*(backbone.get_weights() for backbone in backbones)):
        assert np.array_equal(new, old)


def test_a_run_that_goes_on_reports_its_own_steps(shards, student, tmp_path, monkeypatch):
    config, reports = dataclasses.replace(CONFIG, epochs=1), []

    class Stops(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr("eelbert_tf.training.trainer.REPORT_EVERY", 1)
    pretrain(shards, student, tmp_path / "whole", config, report=reports.append)
    losses = [report.loss for report in reports]
    monkeypatch.setattr("eelbert_tf.training.trainer.REPORT_EVERY", 4)
    run, reports = (shards, student, tmp_path / "parts", config), []
    with pytest.raises(KeyboardInterrupt):
        pretrain(*run, callbacks=[Stops()], checkpoint_seconds=0.0)
    pretrain(*run, report=reports.append)
    assert reports[0].step == 4
    assert reports[0].loss == pytest.approx(np.mean(losses[2:4]), rel=1e-2)


def test_a_run_goes_on_with_its_own_settings_alone(shards, student, tmp_path):
    config = dataclasses.replace(CONFIG, epochs=1)
    pretrain(shards, student, tmp_path / "out", config)
    other = dataclasses.replace(config, learning_rate=1e-3)
    with pytest.raises(UserError, match=r"learning_rate=0.001 \(was 0.01\)"):
        pretrain(shards, student, tmp_path / "out", other, overwrite=True)


def test_a_damaged_checkpoint_is_found(shards, student, tmp_path):
    config = dataclasses.replace(CONFIG, epochs=1)
    pretrain(shards, student, tmp_path / "out", config)
    path = tmp_path / "out.run" / "checkpoint.npz"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(UserError, match="checkpoint.npz is damaged"):
        pretrain(shards, student, tmp_path / "out", config, overwrite=True)


@pytest.mark.parametrize("seconds", [0.0, 1e9])
def test_divergence_stops_and_keeps_the_last_checkpoint(shards, student, tmp_path, seconds):
    config = dataclasses.replace(CONFIG, learning_rate=1e30)
    with pytest.raises(UserError, match="no finite number .* learning_rate=1e\\+30"):
        pretrain(shards, student, tmp_path / "out", config, checkpoint_seconds=seconds)
    with np.load(tmp_path / "out.run" / "checkpoint.npz") as arrays:
        for name in set(arrays.files) - {"record"}:
            assert np.isfinite(arrays[name].astype("float64")).all()
    assert not (tmp_path / "out").exists()


def test_warm_start(shards, bert, tmp_path):
    from eelbert_tf.pretraining.warm_start import warm_start

    source = keras_hub.models.BertBackbone.from_preset(str(bert))
    shape = {"hidden_dim": 16, "intermediate_dim": 16, "max_sequence_length": 64}
    backbone = toy.backbone(**shape, hash_dim=16)
    warm_start(backbone, source)
    for name in ("transformer_layer_0", "position_embedding", "embeddings_layer_norm"):
        for own, theirs in zip(backbone.get_layer(name).weights, source.get_layer(name).weights):
            assert np.array_equal(own, theirs)
    with pytest.raises(UserError, match="in position_embedding for an encoder of"):
        warm_start(toy.backbone(), source)
    with pytest.raises(UserError, match="1 layers for an encoder of 2"):
        warm_start(toy.backbone(num_layers=2), source)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"objectives": ("nonsense",)}, "`objectives` must be among .* Received: nonsense"),
        ({"objectives": ()}, "Received: none"),
        ({"epochs": 0}, "`epochs` must be above 0. Received: epochs=0."),
        ({"learning_rate": float("nan")}, "`learning_rate` must be above 0"),
    ],
)
def test_wrong_settings_are_refused(changes, message):
    with pytest.raises(UserError, match=message):
        dataclasses.replace(CONFIG, **changes)


def test_distillation_needs_a_teacher(shards, student, tmp_path):
    config = dataclasses.replace(CONFIG, objectives=("distillation",))
    with pytest.raises(UserError, match="need the targets of a teacher"):
        pretrain(shards, student, tmp_path / "out", config)


def test_bfloat16_leaves_float32_weights(shards, student, tmp_path):
    config = dataclasses.replace(CONFIG, epochs=1, dtype="mixed_bfloat16")
    pretrain(shards, student, tmp_path / "out", config)
    backbone = EelbertBackbone.from_preset(tmp_path / "out")
    assert {weight.dtype for weight in backbone.weights} == {"float32"}
    assert backbone.compute_dtype == "float32"


def test_weight_decay_keeps_weights_small(shards, student, tmp_path):
    def size(weight_decay):
        out = tmp_path / str(weight_decay)
        config = dataclasses.replace(CONFIG, epochs=10, weight_decay=weight_decay)
        weights = pretrain(shards, student, out, config).get_weights()
        return sum(np.square(weight).sum() for weight in weights if weight.ndim > 1)

    assert size(5.0) < 0.9 * size(0.0)
