"""Tests of `eelbert compress`, and of quantizations by `eelbert export` that measure on rows."""

import json

import numpy as np
import pytest

from eelbert_tf.runtimes.litert_runtime import litert_predictor
from tests.cli.command import eelbert, refused, succeeded
from tests.compression.wide import wide_classifier

TRAINING = ("--epochs", 2, "--batch-size", 8, "--learning-rate", 0.01)


@pytest.fixture(scope="module")
def model(folder):
    """What is needed of a trained model: half of its weights are 0."""
    directory = folder / "half"
    task = wide_classifier()
    for weight in task.weights:
        weight.assign(np.where(np.asarray(weight) > 0, weight, 0.0))
    task.save_to_preset(str(directory / "preset"))
    (directory / "command.json").write_text('{"pair": false}')
    return directory


def line(model, class_file, out, *more):
    return ("compress", model, "--data", class_file, "--out", out, *TRAINING, *more)


def matrices_of(directory):
    from eelbert_tf.compression.matrices import matrices
    from eelbert_tf.models import EelbertTextClassifier

    task = EelbertTextClassifier.from_preset(directory / "preset")
    return {matrix.path: np.asarray(matrix.variable) for matrix in matrices(task)}


def test_a_model_directory_as_train_writes_it(model, class_file, classes, tmp_path):
    out = tmp_path / "out"
    more = ("--method", "qat", "--bits", 4, "--dev", class_file)
    result = eelbert(*line(model, class_file, out, *more))
    assert result.status == 0
    assert "% of " in result.out
    assert "weights in 8 matrices are 0" in result.out
    assert {p.name for p in out.iterdir()} == {p.name for p in classes.directory.iterdir()}
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["litert"]["label_agreement"] == 1.0
    settings = json.loads((out / "command.json").read_text())["settings"]
    assert (settings["method"], settings["bits"], settings["seed"]) == ("qat", 4, 0)
    assert settings["weights"]["sparsity"] > 0.5
    assert "Compressed by `eelbert compress --method qat`" in (out / "README.md").read_text()
    # What was pruned stays so, but for positions, which take in a row of segments here.
    after = matrices_of(out)
    for path, before in matrices_of(model).items():
        if "position" not in path:
            assert (after[path][before == 0] == 0).all(), path


def test_what_is_refused(model, class_file, tmp_path):
    other = tmp_path / "other.tsv"
    other.write_text("label\ttext\n" + "".join(f"splendid\ta {n}\n" for n in range(20)))
    out = tmp_path / "out"
    for more, saying in (
        (("prune", "--sparsity", 1.5), "between 0 and 1. Received: sparsity=1.5"),
        (("prune", "--pattern", "4:2"), "`pattern` must be like 2:4"),
        (("prune", "--clusters", 4), "`--clusters` is for `--method cluster`"),
        (("cluster", "--clusters", 1), "`clusters` must be from 2 to 256. Received: clusters=1."),
        (("qat", "--bits", 3), "`bits` must be 8 or 4. Received: bits=3."),
        (("qat", "--epochs", 0), "`epochs` must be at least 1"),
        (("qat", "--data", other), "splendid"),
    ):
        command = line(model, class_file, out, "--method", *more)
        refused(*command, saying=saying, folder=tmp_path)
    untrained = line(tmp_path, class_file, out, "--method", "qat")
    refused(*untrained, saying="must be a directory that `eelbert train` wrote", folder=tmp_path)
    architecture = line("eelbert_uno", class_file, out, "--method", "qat")
    refused(*architecture, saying="must be a directory that `eelbert train` wrote")
    out.mkdir()
    refused(*line(model, class_file, out, "--method", "qat"), saying=f"{out} exists already")


def test_small_weights_are_not_worth_it(classes, class_file, tmp_path):
    command = line(classes.directory, class_file, tmp_path / "out", "--method", "prune")
    refused(*command, saying="a trainable weight of at least 1024 numbers", folder=tmp_path)


def test_bits_chosen_on_rows(model, class_file, tmp_path):
    export = ("export", model, "--format", "litert", "--json")
    for quantize in ("mixed", "static_wi8_ai8"):
        more = ("--out", tmp_path / quantize, "--quantize", quantize)
        report = succeeded(*export, *more, "--calibration", class_file).json
        assert litert_predictor(tmp_path / quantize).labels == ["bad", "good"]
        assert report["bytes"] == (tmp_path / quantize).stat().st_size
    for quantize, rows, saying in (
        ("mixed", (), "`mixed` needs rows to measure on"),
        ("int8", ("--calibration", class_file), "`--calibration` is for `--quantize static"),
    ):
        more = ("--out", tmp_path / "x", "--quantize", quantize, *rows)
        refused(*export, *more, saying=saying, folder=tmp_path)


def test_sensitivity(model, class_file):
    lines = succeeded("info", model, "--sensitivity", class_file).out.splitlines()
    assert lines[0].split()[:2] == ["layer", "numbers"]
    assert len(lines) == 1 + 8
    refused("info", "--sensitivity", class_file, saying="name one. Received: none.")
    refused("info", "none", "--sensitivity", class_file, saying="`eelbert train` wrote")
