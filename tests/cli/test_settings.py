"""Tests of `eelbert train` with settings that cannot be."""

import pytest

from tests.cli.command import eelbert, refused
from tests.cli.conftest import SETTINGS


@pytest.mark.parametrize(
    "settings, saying",
    [
        (("--epochs", 0), "`epochs` must be at least 1. Received: epochs=0."),
        (("--batch-size", -1), "`batch_size` must be at least 1. Received: batch_size=-1."),
        (("--learning-rate", -0.1), "`learning_rate` must be above 0. Received: learning_rate=-0"),
        (("--learning-rate", "nan"), "`learning_rate` must be above 0."),
        (("--max-words", 0), "`max_words` must be at least 1. Received: max_words=0."),
        (("--max-words", 22), "`max_words` must be at most 21, the backbone's"),
        (("--distortion-rate", 1.5), "`distortion_rate` must be at least 0 and below 1."),
        (("--seed", -1), "Seed must be between 0 and"),
        (("--split", "test"), "`split` is for `tfds:NAME` sources. Received: 'test'"),
        (("--text-column", "body"), "has no column `body`. Columns found: label, text."),
        (("--preset", "\udcff"), "Names and paths must be UTF-8."),
    ],
)
def test_refused(settings, saying, pretrained, class_file, tmp_path):
    line = ("train", class_file, "--preset", pretrained, "--out", tmp_path / "model", *SETTINGS)
    refused(*line, *settings, saying=saying, folder=tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        (),
        ("bogus",),
        ("train",),
        ("train", "data.tsv"),
        ("train", "data.tsv", "--out", "model", "--epochs", "many"),
        ("train", "data.tsv", "--out", "model", "more"),
        ("evaluate", "model"),
        ("evaluate", "model", "data.tsv", "--runtime", "onnx"),
        ("predict",),
        ("embed", "model", "--bogus"),
        ("export", "model", "--format", "litert"),
    ],
)
def test_wrong_usage(line):
    result = eelbert(*line)
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("usage: eelbert")
    assert "error: " in result.err.splitlines()[-1]


def test_learning_rate_that_lets_the_training_diverge(train, class_file, tmp_path):
    result = train(class_file, tmp_path / "model", "--learning-rate", 1e30).result
    assert result.status == 1
    assert result.err.startswith("eelbert: error: Training did not converge")
    assert result.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_log_directory_below_a_file(pretrained, class_file, tmp_path):
    line = ("train", class_file, "--preset", pretrained, "--out", tmp_path / "model", *SETTINGS)
    refused(*line, "--log-dir", class_file / "logs", saying="Not a directory", folder=tmp_path)
