"""Tests of the directory that training leaves."""

import json

import keras
import pytest

from eelbert_tf.data.examples import Examples
from eelbert_tf.errors import UserError
from eelbert_tf.training.model_directory import write_model_directory
from eelbert_tf.version import __version__

PARTS = ["README.md", "command.json", "labels.txt", "metrics.json"]
PARTS += ["model.tflite", "preset", "saved_model"]


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def contents(directory):
    return {
        path.relative_to(directory): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_all_parts_are_there(model_directory):
    assert sorted(path.name for path in model_directory.iterdir()) == PARTS
    assert (model_directory / "labels.txt").read_text(encoding="utf-8") == "bad\ngood\n"


def test_every_runtime_is_scored(model_directory):
    metrics = read_json(model_directory / "metrics.json")
    scores = {"accuracy": 1.0, "macro_f1": 1.0, "count": 24, "majority_accuracy": 0.5}
    assert {name: metrics[name] for name in scores} == scores
    assert metrics["evaluated_on"] == "the training rows"
    for runtime in ("saved_model", "litert"):
        difference = metrics[runtime].pop("largest_difference")
        assert 0.0 <= difference < 1e-5
        assert metrics[runtime] == {**scores, "label_agreement": 1.0}
    size = (model_directory / "model.tflite").stat().st_size
    assert metrics["bytes"]["model.tflite"] == size
    assert set(metrics["bytes"]) == {"preset", "saved_model", "model.tflite"}


def test_what_made_it_is_recorded(model_directory):
    record = read_json(model_directory / "command.json")
    assert record["settings"]["learning_rate"] == 0.01
    assert (record["seed"], record["pair"], record["train_rows"]) == (0, False, 24)
    assert record["versions"]["eelbert_tf"] == __version__
    assert record["versions"]["keras"] == keras.__version__


def test_the_card(model_directory, classifier):
    card = (model_directory / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\nlibrary_name: eelbert_tf\npipeline_tag: text-classification\n")
    size = f"Hash version 1. {classifier.count_params():,} parameters, 1 layers of width 16."
    assert size in " ".join(card.split())
    for line in ("| keras | 1.000 |", "| saved_model | 1.000 |", "| litert | 1.000 |"):
        assert line in card
    assert "The majority class alone reaches 0.500." in card


def test_an_error_at_the_end_leaves_the_old_and_nothing_else(classifier, examples, model_directory):
    before = contents(model_directory)
    unseen = Examples(["a"], None, ["ugly"], "dev.tsv")
    # Everything is exported before it is scored.
    with pytest.raises(UserError, match="ugly"):
        write_model_directory(
            classifier, examples, unseen, "dev", {}, model_directory, overwrite=True
        )
    assert contents(model_directory) == before
    assert list(model_directory.parent.iterdir()) == [model_directory]


def test_what_exists_is_replaced_only_if_allowed(classifier, examples, model_directory):
    before = contents(model_directory)
    with pytest.raises(UserError, match="exists already"):
        write_model_directory(classifier, examples, examples, "dev", {}, model_directory)
    assert contents(model_directory) == before
