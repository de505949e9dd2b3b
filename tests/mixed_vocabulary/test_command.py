"""`eelbert compress --method mixed-vocab`."""

import json

import pytest

from eelbert_tf.glue.preset_model import PresetModel
from eelbert_tf.mixed_vocabulary.student import student_backbone
from tests.cli.command import refused, succeeded


@pytest.fixture
def line(bert, shards, vocabulary, tmp_path):
    line = ["compress", bert, "--method", "mixed-vocab", "--data", shards.directory]
    line += ["--out", tmp_path / "out", "--student", "1x8", "--vocabulary", vocabulary]
    return [*line, "--batch-tokens", 400]


def test_a_directory_of_a_bert(line, tokenizer, tmp_path):
    passes = ("--stage-1-epochs", 0.2, "--epochs", 0.5, "--mixing", 0.4, "--ramp", 0.5)
    printed = succeeded(*line, *passes).out
    assert "student_pieces_loss" in printed and "words/s" in printed
    record = json.loads((tmp_path / "out" / "compression.json").read_text())
    assert record["method"] == "mixed-vocab" and record["source"] == "bert"
    options = record["options"]
    assert (options["mixing"], options["ramp"], options["epochs"]) == (0.4, 0.5, 0.5)
    student = student_backbone("1x8", tokenizer.vocabulary_size())
    assert record["parameters"]["after"] == student.count_params()
    assert PresetModel(tmp_path / "out").is_bert


@pytest.mark.parametrize(
    ("flags", "error"),
    [
        (("--student", "6x100"), "`student` must be LAYERSxWIDTH"),
        (("--mixing", "2"), "`mixing` must be from 0 to 1. Received: mixing=2.0."),
        (("--shared-projections", "--student", "2x8"), "Received: 2 for a teacher of 1"),
        (("--sparsity", "0.5"), "`--sparsity` is for `--method prune`"),
    ],
)
def test_settings_that_cannot_be_used(line, tmp_path, flags, error):
    refused(*line, *flags, saying=error)
    assert not (tmp_path / "out").exists()


def test_parts_of_a_pass_are_for_text_alone(tmp_path):
    refused(
        *("compress", "model", "--method", "prune", "--data", "x.tsv", "--out", tmp_path / "out"),
        *("--epochs", 1.5),
        saying="`--epochs` must be a whole number for `--method prune`",
        folder=tmp_path,
    )
