"""Tests of DATA: each kind of file, and what is wrong with them. LiteRT answers fastest."""

import gzip
import json
import lzma

import pyarrow
import pyarrow.parquet
import pytest

from tests.cli.command import eelbert, refused, succeeded
from tests.cli.conftest import SETTINGS


def write_parquet(path, rows):
    columns = {"label": [row[0] for row in rows], "text": [row[1] for row in rows]}
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def csv_text(rows):
    return "label,text\n" + "".join(f'{label},"{text}"\n' for label, text in rows)


WRITERS = {
    "data.tsv.gz": lambda path, rows: path.write_bytes(
        gzip.compress(("label\ttext\n" + "".join(f"{a}\t{b}\n" for a, b in rows)).encode())
    ),
    "data.csv.xz": lambda path, rows: path.write_bytes(lzma.compress(csv_text(rows).encode())),
    "data.csv": lambda path, rows: path.write_text(csv_text(rows)),
    "data.jsonl": lambda path, rows: path.write_text(
        "".join(json.dumps({"label": a, "text": b}) + "\n" for a, b in rows)
    ),
    "data.txt": lambda path, rows: path.write_text("".join(f"__label__{a} {b}\n" for a, b in rows)),
    "data.parquet": write_parquet,
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_of_file_gives_the_same(name, classes, class_rows, tmp_path):
    WRITERS[name](tmp_path / name, class_rows)
    expected = evaluated(classes, classes.data)
    assert evaluated(classes, tmp_path / name) == expected
    assert expected["count"] == 24


def evaluated(trained, data, *more):
    return succeeded(
        "evaluate", trained.directory, data, "--runtime", "litert", "--json", *more
    ).json


def test_columns_as_named_by_flags(classes, class_rows, tmp_path):
    path = tmp_path / "data.tsv"
    path.write_text("text\tmood\twhat\n" + "".join(f"x\t{a}\t{b}\n" for a, b in class_rows))
    named = evaluated(classes, path, "--text-column", "what", "--label-column", "mood")
    assert named == evaluated(classes, classes.data)


def test_format_as_named_by_a_flag(classes, class_rows, tmp_path):
    (tmp_path / "rows").write_text(csv_text(class_rows))
    named = evaluated(classes, tmp_path / "rows", "--file-format", "csv")
    assert named == evaluated(classes, classes.data)


def test_bundled_data_by_name(classes, tmp_path, monkeypatch):
    import tensorflow_datasets.core

    monkeypatch.setattr(tensorflow_datasets.core.constants, "DATA_DIR", str(tmp_path))
    refused(
        *("evaluate", classes.directory, "tfds:eelbert_assistant", "--split", "test"),
        saying="Received in 720 of 720 rows of tfds:eelbert_assistant: alarm_set",
    )
    refused(
        *("evaluate", classes.directory, "tfds:eelbert_assistant", "--split", "dev"),
        saying="Should be one of ['train', 'test']",
    )
    refused("evaluate", classes.directory, "tfds:no_such_data", saying="Check the name")


def test_skipped_rows_are_saved_and_counted(classes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "data.tsv"
    path.write_bytes(b"label\ttext\ngood\ta\tb\ngood\tfine\nbad\t\xff\n")
    result = eelbert("evaluate", classes.directory, path, "--json", "--skip-bad-rows")
    assert (result.status, result.json["count"]) == (0, 1)
    assert result.err == "2 of 3 rows skipped; they are in data.tsv.skipped.jsonl.\n"
    saved = (tmp_path / "data.tsv.skipped.jsonl").read_text().splitlines()
    assert [json.loads(line)["raw"] for line in saved] == ["good\ta\tb", "bad\t\udcff"]


@pytest.mark.parametrize(
    "name, content, saying",
    [
        ("data.tsv", b"", "data.tsv holds no rows."),
        ("data.tsv", b"label\ttext\n", "data.tsv holds no rows."),
        ("data.tsv", b"mood\ttext\ngood\tx\n", "Columns found: mood, text."),
        ("data.tsv", b"label\tbody\ngood\tx\n", "Columns found: label, body."),
        ("data.tsv", b"label\ttext\ngood\tx\nbad\n", "data.tsv, line 3: expected 2 tab-separated"),
        ("data.csv", b"label,text\ngood,x,y\n", "data.csv, line 2: expected 2 fields, found 3"),
        ("data.tsv", b"label\ttext\ngood\t\xff\n", "data.tsv, line 2: not valid UTF-8"),
        ("data.jsonl", b'{"label": "a", "text": "\\ud800"}\n', "line 1: column `text` is not"),
        ("data.jsonl", b"{\n", "data.jsonl, line 1: not valid JSON"),
        ("data.tsv.gz", b"no gzip", "data.tsv.gz is not a sound .gz file"),
        ("data.parquet", b"no parquet", "cannot be read as Parquet"),
        ("data.doc", b"x", "The format of"),
    ],
)
@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_bad_files(command, name, content, saying, classes, pretrained, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    line = {
        "train": ("train", path, "--preset", pretrained, "--out", tmp_path / "model"),
        "evaluate": ("evaluate", classes.directory, path),
    }[command]
    refused(*line, saying=saying, folder=tmp_path)


def test_file_that_is_not_there(classes, tmp_path):
    refused("evaluate", classes.directory, tmp_path / "none.tsv", saying="Received: '")
    refused("evaluate", classes.directory, tmp_path, saying="The format of")


def test_one_class_only(pretrained, tmp_path):
    path = tmp_path / "data.tsv"
    path.write_text("label\ttext\n" + "".join(f"good\tfilm {number}\n" for number in range(20)))
    refused(
        *("train", path, "--preset", pretrained, "--out", tmp_path / "model", *SETTINGS),
        saying="at least two classes. Received: only 'good'",
        folder=tmp_path,
    )


def test_too_few_rows_to_hold_some_out(pretrained, tmp_path):
    path = tmp_path / "data.tsv"
    path.write_text("label\ttext\ngood\tfine\nbad\tawful\n")
    refused(
        *("train", path, "--preset", pretrained, "--out", tmp_path / "model"),
        saying="at least 10 rows",
        folder=tmp_path,
    )


def test_rows_to_score_on_must_be_of_the_same_kind(
    pretrained, class_file, pair_file, score_file, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    unseen = tmp_path / "unseen.tsv"
    unseen.write_text("label\ttext\nsplendid\tfine\n")
    for data, dev, saying in (
        (class_file, pair_file, "Received: pairs of texts in"),
        (pair_file, class_file, "Received: single texts in"),
        (class_file, unseen, "Received in 1 of 1 rows of"),
        (class_file, tmp_path / "none.tsv", "none.tsv"),
        (class_file, "tfds:no_such_data", "split `validation`, cannot be loaded"),
    ):
        refused(
            *("train", data, "--dev", dev, "--preset", pretrained, "--out", tmp_path / "model"),
            saying=saying,
            folder=tmp_path,
        )
    mixed = eelbert(
        *("train", class_file, "--dev", score_file, "--skip-bad-rows", "--preset", pretrained),
        *("--out", tmp_path / "model"),
    )
    assert mixed.status == 1
    assert mixed.err.splitlines()[0].endswith("they are in dev-scores.jsonl.skipped.jsonl.")
    assert "The model gives classes" in mixed.err.splitlines()[1]
