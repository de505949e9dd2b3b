"""Tests of `eelbert pretrain`."""

import json

import pytest

from tests.cli.command import eelbert, refused, succeeded
from tests.pretraining.conftest import bert, corpus  # noqa: F401 (fixtures)

SETTINGS = ("--epochs", 1, "--batch-tokens", 400, "--max-words", 8, "--label-count", 20)


def test_it_prepares_trains_and_tells(corpus, pretrained, tmp_path):  # noqa: F811
    out = tmp_path / "preset"
    line = ("pretrain", corpus, "--preset", pretrained, "--out", out, *SETTINGS)
    result = eelbert(*line, "--log-dir", tmp_path / "logs")
    assert result.status == 0, result.err
    lines = result.out.splitlines()
    assert lines[0].endswith(f"words in 1 shards in {out}.shards")
    assert " words/s " in lines[-2] and " min left" in lines[-2]
    assert lines[-1] == f"Preset written to {out}"
    assert list((tmp_path / "logs").rglob("events.out.*"))
    record = json.loads((tmp_path / "preset.run" / "log.jsonl").read_text().splitlines()[-1])
    assert record["loss"] > 0 and record["words_per_second"] > 0
    assert eelbert("info", out).status == 0
    refused(*line, saying="exists already", folder=tmp_path)
    other = tmp_path / "other.txt"
    other.write_text("other words", encoding="utf-8")
    refused(
        *("pretrain", other, "--preset", pretrained, "--out", tmp_path / "more"),
        *("--shards", f"{out}.shards", *SETTINGS),
        saying="holds the shards of corpus.txt. Received: other.txt. Name another directory",
        folder=tmp_path,
    )


def test_beam_prepares_the_same_shards(corpus, tmp_path):  # noqa: F811
    line = ("pretrain", corpus, "--prepare-only", "--max-words", 8, "--out")
    one = succeeded(*line, tmp_path / "one")
    by_beam = (tmp_path / "two", "--runner", "DirectRunner", "--direct_num_workers=1")
    assert succeeded(*line, *by_beam).out == one.out.replace("one.shards", "two.shards")
    for path in (tmp_path / "one.shards").iterdir():
        assert path.read_bytes() == (tmp_path / "two.shards" / path.name).read_bytes()
    assert eelbert(*line, tmp_path / "three", "--direct_num_workers=1").status == 2


def test_a_teacher_is_heard(corpus, pretrained, bert, tmp_path):  # noqa: F811
    out = tmp_path / "preset"
    line = ("pretrain", corpus, "--preset", pretrained, "--out", out, *SETTINGS)
    teaching = ("--objective", "distillation", "--imitation-steps", 2)
    refused(*line, *teaching, saying="need the targets of a teacher")
    result = eelbert(*line, *teaching, "--teacher", bert)
    assert result.status == 0, result.err
    assert "teacher_sentence_loss" in result.out
    vector = eelbert("info", out, "--json").json
    assert vector["parameters"] > 0


@pytest.mark.parametrize(
    "more, saying",
    [
        (("--objective", "magic"), "`objectives` must be among masked_lm"),
        (("--epochs", 0), "`epochs` must be above 0."),
        (("--learning-rate", "nan"), "`learning_rate` must be above 0."),
        (("--weight-decay", "-1"), "`weight_decay` must be at least 0."),
        (("--max-words", 3), "`max_words` must be at least 4."),
        (("--preset", "no_such_preset"), "no_such_preset"),
        (("--teacher", "no_such_teacher"), "must hold a BERT"),
        (("--warm-start", "no_such_bert"), "must hold a BERT"),
    ],
)
def test_refused(corpus, pretrained, tmp_path, more, saying):  # noqa: F811
    out = tmp_path / "preset"
    refused(
        *("pretrain", corpus, "--preset", pretrained, "--out", out, *SETTINGS, *more),
        saying=saying,
    )
    assert not out.exists()


@pytest.mark.parametrize(
    "name, saying",
    [
        ("missing.txt", "missing.txt does not exist"),
        ("no_such_dataset", "give local text files instead"),
    ],
)
def test_a_corpus_that_is_not_there(name, saying, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused("pretrain", name, "--out", "preset", saying=saying)
    assert not (tmp_path / "preset").exists()
