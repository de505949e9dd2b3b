"""Tests of `eelbert glue`."""

import json

import pytest

from tests.cli.command import eelbert, refused, succeeded
from tests.glue import files

SETTINGS = (
    *("--seeds", 2, "--epochs", 1, "--batch-sizes", 8, "--learning-rates", "1e-2"),
    *("--max-words", 12),
)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("glue")
    files.write_task(path, "sst2", train=files.sst2_rows(), dev=files.sst2_rows(20))
    return path


def test_it_trains_and_tells(source, pretrained, tmp_path):
    out = tmp_path / "results"
    line = ("glue", pretrained, "--out", out, "--source", source, *SETTINGS)
    lines = succeeded(*line).out.splitlines()
    assert lines[0].startswith("left out, since their files are not there: cola, mrpc")
    assert [line.split(":")[0] for line in lines[1:3]] == ["sst2/seed-0", "sst2/seed-1"]
    assert lines[-1] == f"Results written to {out}"
    assert (out / "glue.md").read_text().splitlines() == lines[3:-1]
    results = json.loads((out / "glue.json").read_text())
    assert results["recipe"]["learning_rates"] == [0.01]
    assert results["tasks"]["sst2"]["grid"] == []
    assert results["tasks"]["sst2"]["chosen"] == {"batch_size": 8, "learning_rate": 0.01}
    refused(
        *(*line, "--pooling", "cls"),
        saying='made with other settings (pooling: "cls_mean", now "cls")',
        folder=out,
    )


@pytest.mark.parametrize(
    "more, saying",
    [
        (("--tasks", "sst3"), "Tasks must be among cola, sst2, mrpc"),
        (("--tasks", "sst2,rte"), "Task rte needs"),
        (("--seeds", 0), "`seeds` must be at least 1. Received: 0."),
        (("--epochs", 0), "`epochs` must be at least 1. Received: 0."),
        (("--batch-sizes", "8,0"), "`batch_sizes` must be at least 1. Received: 0."),
        (("--learning-rates", "nan"), "`learning_rates` must be above 0. Received: nan."),
        (("--intermediate", "rte"), "`--intermediate` must be TASK=FILE:COLUMN"),
        (("--intermediate", "rte=x.tsv:label"), "names rte, which is not among the tasks: sst2."),
        (("--source", "nowhere"), "`--source` must be `tfds` or a directory"),
        (("--max-words", 30), "`max_words` must be at most 21"),
    ],
)
def test_bad_settings(source, pretrained, tmp_path, more, saying):
    line = ("glue", pretrained, "--out", tmp_path / "out", "--source", source, *SETTINGS, *more)
    refused(*line, saying=saying, folder=tmp_path)


def test_bad_models_and_places(source, tmp_path):
    line = ("--source", source, *SETTINGS)
    out = ("--out", tmp_path / "out")
    refused("glue", "no_such_preset", *out, *line, saying="`preset` must be one of")
    file = tmp_path / "file"
    file.write_text("x")
    refused(
        *("glue", "eelbert_uno", "--out", file, *line),
        saying="`--out` must be a directory",
        folder=tmp_path,
    )


def test_lists_that_are_none():
    result = eelbert("glue", "eelbert_uno", "--out", "x", "--batch-sizes", "32;64")
    assert result.status == 2
    assert "must be numbers with commas between. Received: '32;64'" in result.err
