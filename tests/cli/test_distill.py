"""Tests of `eelbert distill`."""

import json

import pytest

from eelbert_tf.preset_names import bert_kind
from tests import toy
from tests.cli.command import eelbert, refused, succeeded
from tests.distillation.conftest import eager_steps  # noqa: F401 (fixture)
from tests.pretraining.conftest import bert, corpus  # noqa: F401 (fixtures)

CORPUS = ("--max-words", 12, "--batch-tokens", 2000, "--corpus-epochs", 0.5)
DATA = (*CORPUS, "--layer-epochs", 0, "--epochs", 1, "--batch-size", 12)


@pytest.fixture(scope="module")
def teacher(folder):
    """What is needed of a model that `eelbert train` wrote."""
    directory = folder / "teacher"
    task = toy.with_random_weights(toy.classifier(labels=["good", "bad"]))
    task.save_to_preset(str(directory / "preset"))
    (directory / "command.json").write_text('{"pair": false}')
    return directory


@pytest.mark.usefixtures("eager_steps")
def test_a_corpus_gives_a_preset(bert, corpus, pretrained, tmp_path):  # noqa: F811
    out = tmp_path / "preset"
    line = ("distill", "--teacher", pretrained, "--student", bert, "--corpus", corpus)
    result = eelbert(*line, "--out", out, *CORPUS, "--layers", "1:1")
    assert result.status == 0, result.err
    assert "words/s" in result.out
    assert result.out.splitlines()[-1] == f"Preset written to {out}"
    assert bert_kind(out) == "BertBackbone"
    assert {path.name for path in tmp_path.iterdir()} == {"preset", "preset.shards"}
    refused(*line, "--out", out, saying="exists already", folder=tmp_path)
    refused(
        *(*line, "--out", tmp_path / "other", "--shards", f"{out}.shards", "--layers", "1:2"),
        saying="a student's layer, 1 to 1, and a teacher's, 1 to 1. Received: 1:2",
    )


def test_a_corpus_and_rows_give_a_model(
    teacher,
    pretrained,
    corpus,  # noqa: F811
    class_file,
    tmp_path,
):
    out = tmp_path / "model"
    line = ("distill", "--teacher", teacher, "--student", pretrained, "--data", class_file)
    line = (*line, "--dev", class_file, "--corpus", corpus, "--out", out, *DATA)
    result = eelbert(*line)
    assert result.status == 0, result.err
    assert " words/s " in result.out and " texts/s " in result.out
    assert (out / "labels.txt").read_text().split() == ["bad", "good"]
    assert json.loads((out / "metrics.json").read_text())["litert"]["label_agreement"] == 1.0
    assert "/teacher` by `eelbert distill`." in (out / "README.md").read_text()
    settings = json.loads((out / "command.json").read_text())["settings"]
    assert (settings["teacher"], settings["temperature"]) == (str(teacher), 1.0)
    assert succeeded("predict", out, "a fine film", "--json").json["predictions"][0]["text"]
    assert {path.name for path in tmp_path.iterdir()} == {"model", "model.shards"}


def test_what_is_refused(teacher, pretrained, class_file, tmp_path):
    line = ("distill", "--teacher", teacher, "--student", pretrained, "--out", tmp_path / "out")
    refused(*line, saying="neither `--corpus` nor `--data`", folder=tmp_path)
    other = tmp_path / "other.tsv"
    other.write_text("label\ttext\n" + "bad\ta film\nfine\ta book\n" * 10, encoding="utf-8")
    refused(
        *(*line, "--data", other, "--dev", other),
        saying="only the teacher knows good; only the student knows fine",
        folder=tmp_path,
    )
    refused(
        *(*line, "--data", class_file, "--temperature", 0),
        saying="`temperature` must be above 0. Received: temperature=0.0.",
        folder=tmp_path,
    )
    assert "pairs such as 1:2,2:4" in eelbert(*line, "--layers", "1").err
