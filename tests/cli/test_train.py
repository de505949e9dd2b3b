"""Tests of `eelbert train`: what it leaves, and what it says."""

import json
import time

import pytest
import yaml

from eelbert_tf.data.read import read_examples
from eelbert_tf.data.split import stratified_holdout
from eelbert_tf.version import __version__
from tests import toy
from tests.cli.command import succeeded
from tests.cli.conftest import ODD_TEXTS, SETTINGS

FILES = {
    "preset",
    "saved_model",
    "model.tflite",
    "labels.txt",
    "metrics.json",
    "README.md",
    "command.json",
}


@pytest.mark.parametrize("kind", ["classes", "pairs", "scores"])
def test_files(kind, request):
    trained = request.getfixturevalue(kind)
    assert trained.result.status == 0
    found = {path.name for path in trained.directory.iterdir()}
    assert found == (FILES - {"labels.txt"} if kind == "scores" else FILES)
    assert (trained.directory / "preset/config.json").is_file()
    assert (trained.directory / "saved_model/saved_model.pb").is_file()


def test_labels(classes, pairs):
    assert classes.lines_of("labels.txt") == ["bad", "good"]
    assert pairs.lines_of("labels.txt") == ["other", "same"]


def test_metrics_say_that_a_seeded_stratified_tenth_was_held_out(classes):
    metrics = json.loads((classes.directory / "metrics.json").read_text())
    assert metrics["evaluated_on"] == (
        f"a tenth of {classes.data} held out of training (2 rows, stratified, seed 3)"
    )
    assert (metrics["count"], metrics["majority_accuracy"]) == (2, 0.5)
    assert {"accuracy", "macro_f1"} <= set(metrics)
    for runtime in ("saved_model", "litert"):
        assert metrics[runtime]["label_agreement"] == 1.0
        assert metrics[runtime]["accuracy"] == metrics["accuracy"]
        assert metrics[runtime]["largest_difference"] < 1e-5
    assert set(metrics["bytes"]) == {"preset", "saved_model", "model.tflite"}
    assert metrics["bytes"]["model.tflite"] == (classes.directory / "model.tflite").stat().st_size


def test_metrics_are_those_of_the_rows_held_out(classes, tmp_path):
    _, held_out = stratified_holdout(read_examples(classes.data), fraction=0.1, seed=3)
    rows = zip(held_out.labels, held_out.texts)
    (tmp_path / "held_out.tsv").write_text(
        "label\ttext\n" + "".join(f"{label}\t{text}\n" for label, text in rows)
    )
    again = succeeded("evaluate", classes.directory, tmp_path / "held_out.tsv", "--json").json
    metrics = json.loads((classes.directory / "metrics.json").read_text())
    assert {name: metrics[name] for name in again} == again


def test_metrics_of_rows_given(pairs):
    metrics = json.loads((pairs.directory / "metrics.json").read_text())
    assert metrics["evaluated_on"] == f"{pairs.data} (24 rows)"
    assert metrics["count"] == 24
    assert json.loads((pairs.directory / "command.json").read_text())["train_rows"] == 24


def test_metrics_of_scores(scores):
    metrics = json.loads((scores.directory / "metrics.json").read_text())
    assert {"pearson", "spearman", "mean_absolute_error", "count"} <= set(metrics)
    assert "accuracy" not in metrics
    assert metrics["litert"]["largest_difference"] < 1e-5


def test_command_seed_and_versions(classes, pretrained):
    record = json.loads((classes.directory / "command.json").read_text())
    settings = ("--preset", pretrained, "--out", classes.directory, *SETTINGS, "--seed", 3)
    assert record["command"] == ["eelbert", "train", *map(str, (classes.data, *settings))]
    assert record["seed"] == 3
    assert record["pair"] is False
    assert record["settings"]["learning_rate"] == 0.01
    assert record["versions"]["eelbert_tf"] == __version__
    packages = {"python", "tensorflow", "keras", "keras-hub", "ai-edge-litert", "numpy"}
    assert packages <= set(record["versions"])


@pytest.mark.parametrize("kind", ["classes", "scores"])
def test_model_card(kind, request):
    trained = request.getfixturevalue(kind)
    _, header, text = (trained.directory / "README.md").read_text().split("---\n", 2)
    assert yaml.safe_load(header)["pipeline_tag"] == "text-classification"
    assert yaml.safe_load(header)["library_name"] == "eelbert_tf"
    assert str(trained.data) in text
    metrics = json.loads((trained.directory / "metrics.json").read_text())
    assert metrics["evaluated_on"] in text
    main = metrics["spearman" if kind == "scores" else "accuracy"]
    assert f"| litert | {main:.3f} |" in text


def test_output_is_of_plain_lines_where_there_is_no_terminal(classes):
    out = classes.result.out
    assert classes.result.err == ""
    assert out.startswith("22 rows to train on; to score on: a tenth of ")
    assert [line for line in out.splitlines() if line.startswith("Epoch ")] == [
        f"Epoch {number}/5" for number in range(1, 6)
    ]
    assert out.endswith(f"Model written to {classes.directory}\n")
    assert all(character == "\n" or character.isprintable() for character in out)
    assert len(out.splitlines()) < 60


def test_bad_rows_are_saved_and_counted(scores, folder):
    file = "scores.jsonl.skipped.jsonl"
    assert (
        scores.result.err
        == f"3 of {len(toy.TEXTS + ODD_TEXTS) + 3} rows skipped; they are in {file}.\n"
    )
    skipped = [json.loads(line) for line in (folder / file).read_text().splitlines()]
    assert [row["line"] for row in skipped] == [34, 35, 36]
    assert "not valid UTF-8" in skipped[0]["reason"]


def test_texts_of_ten_megabytes_are_answered_in_bounded_time(scores):
    start = time.monotonic()
    for runtime in ("keras", "saved_model", "litert"):
        succeeded("predict", scores.directory, "--runtime", runtime, stdin=b"fine " * 2_000_000)
    assert time.monotonic() - start < 30


def test_tensorflow_datasets(train, tmp_path, monkeypatch):
    import tensorflow_datasets.core

    monkeypatch.setattr(tensorflow_datasets.core.constants, "DATA_DIR", str(tmp_path / "tfds"))
    trained = train(
        "tfds:eelbert_assistant",
        tmp_path / "model",
        *("--split", "train[:400]", "--epochs", 1, "--batch-size", 64),
        *("--dev", "tfds:eelbert_assistant", "--dev-split", "test[:50]"),
    )
    assert (trained.result.status, trained.result.err) == (0, "")
    assert "400 rows to train on; to score on: tfds:eelbert_assistant (50" in trained.result.out
    assert len(trained.lines_of("labels.txt")) == 16
