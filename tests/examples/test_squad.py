"""examples/squad.py, from files to scores."""

import json
import runpy
import sys

import pytest

from tests.pretraining.conftest import bert  # noqa: F401
from tests.question_answering.test_squad import FILE, change, written
from tests.source_tree import ROOT


def call(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["squad.py", *map(str, arguments)])
    runpy.run_path(str(ROOT / "examples/squad.py"), run_name="__main__")


def test_scores_and_answers_of_files(bert, tmp_path, monkeypatch, capsys):  # noqa: F811
    train, dev = written(tmp_path, FILE), written(tmp_path, change(answers=[]), "dev.json")
    line = (bert, "--train", train, "--dev", dev, "--out", tmp_path / "out", "--length", 64)
    with pytest.raises(SystemExit, match="1 has no answer"):
        call(monkeypatch, *line)
    with pytest.raises(SystemExit, match="error: `length` must be between 68, .* and 64"):
        call(monkeypatch, *line, "--skip-bad-rows")
    assert not (tmp_path / "out").exists()


def test_a_table_is_compressed_and_frozen(bert, tmp_path, monkeypatch, capsys):  # noqa: F811
    from eelbert_tf.compression.compress_preset import compress_preset

    compress_preset(bert, "svd", {"rank": 4}, out=tmp_path / "small")
    train, dev = written(tmp_path, FILE), written(tmp_path, change(answers=[]), "dev.json")
    line = (tmp_path / "small", "--train", train, "--dev", dev, "--out", tmp_path / "out")
    more = ("--length", 64, "--max-question", 8, "--epochs", 1, "--freeze-factors")
    call(monkeypatch, *line, *more, "--skip-bad-rows")
    told = capsys.readouterr()
    assert "1 questions" in told.out
    assert "left out:" in told.err
    scores = json.loads((tmp_path / "out/scores.json").read_text())
    assert {*scores} == {"exact_match", "f1", "unanswered"}
    assert [*json.loads((tmp_path / "out/predictions.json").read_text())] == ["2"]
    from eelbert_tf.embedding_compression.backbone import token_table
    from eelbert_tf.models.bert_directory import load_bert

    tables = [token_table(load_bert(tmp_path / name)[0]) for name in ("small", "out")]
    assert (tables[0] == tables[1]).all()
