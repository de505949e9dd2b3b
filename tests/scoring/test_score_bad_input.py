"""Rows, files, settings and disks that scoring cannot use, and runs that go on after them."""

import gzip
import json

import pytest

from eelbert_tf.beam.load import import_beam

import_beam()

from eelbert_tf.errors import UserError  # noqa: E402
from eelbert_tf.scoring import lines, tables  # noqa: E402
from eelbert_tf.scoring.score import Summary, score  # noqa: E402
from tests.cli.command import names_in  # noqa: E402
from tests.cli.test_saving import largest_file  # noqa: E402
from tests.scoring.rows import ROWS, read_jsonl, scored, write_jsonl, write_rows  # noqa: E402


def test_bad_rows_are_kept_with_file_row_offset_and_reason(model_directory, tmp_path, out):
    good = '{"id": "a", "text": "é fine"}\n'
    bad = [
        b'{"id": "b", "text": "fi\n',
        b'{"id": "c", "text": 7}\n',
        b'{"id": "d"}\n',
        b'{"text": "no id"}\n',
        b'{"id": "e", "text": "\xff"}\n',
    ]
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(good.encode() * 3 + b"".join(bad) + good.encode()))
    assert score(model_directory, [str(path)], out, chunk_rows=3) == Summary(4, 5, 1)
    letters = read_jsonl(f"{out}.dead_letter-00000-of-00001.jsonl")
    content = gzip.decompress(path.read_bytes())
    assert [letter["row"] for letter in letters] == [4, 5, 6, 7, 8]
    for letter, line in zip(letters, bad, strict=True):
        assert letter["file"] == str(path)
        assert content[letter["offset"] :].startswith(line)
        assert letter["raw"].encode("utf-8", "surrogateescape") == line.rstrip(b"\n")
    assert [letter["reason"].split(":")[0] for letter in letters] == [
        "not valid JSON",
        "column `text` must hold text. Received",
        "column `text` is empty",
        "column `id` is empty",
        "not valid UTF-8",
    ]


def test_an_endless_line_is_a_bad_row_and_so_is_a_broken_record(
    model_directory, tmp_path, out, monkeypatch
):
    monkeypatch.setattr(tables, "LONGEST_LINE", 64)
    monkeypatch.setattr(lines, "LONGEST_LINE", 64)
    path = tmp_path / "rows.csv"
    path.write_text('id,text\n1,a\n2,"b\nc"\n3,' + "x" * 500 + "\n4,a,b\n5,e\n")
    assert score(model_directory, [str(path)], out) == Summary(3, 2, 1)
    assert [row["id"] for row in scored(tmp_path / "out")] == ["1", "2", "5"]
    letters = read_jsonl(f"{out}.dead_letter-00000-of-00001.jsonl")
    assert [(letter["row"], letter["offset"]) for letter in letters] == [(5, 20), (6, 523)]
    assert letters[0]["reason"] == "a line of more than 64 bytes"


def test_a_file_of_nothing_but_bad_rows_is_refused(model_directory, tmp_path, out, monkeypatch):
    monkeypatch.setattr(tables, "MOST_BAD_ROWS", 5)
    path = tmp_path / "rows.txt"
    path.write_bytes(b"\xff\n" * 9)
    with pytest.raises(UserError, match="has 5 bad rows one after the other, up to row 6"):
        score(model_directory, [str(path)], out)


def test_again_does_nothing_and_a_changed_file_is_scored_anew(model_directory, tmp_path, out):
    sources = [write_jsonl(tmp_path / f"{n}.jsonl", ROWS[n * 4 : n * 4 + 4]) for n in range(3)]
    score(model_directory, sources, out)
    before = names_in(tmp_path)
    assert score(model_directory, sources, out) == Summary(12, 0, 3)
    assert names_in(tmp_path) == before
    write_jsonl(tmp_path / "1.jsonl", ROWS[12:18])
    (tmp_path / "out/part-00002-of-00003.jsonl").unlink()
    assert score(model_directory, sources, out) == Summary(14, 0, 3)
    ids = [row["id"] for row in scored(tmp_path / "out")]
    assert ids == [row["id"] for row in ROWS[:4] + ROWS[12:18] + ROWS[8:12]]
    assert len(names_in(tmp_path)) == len(before)


def test_another_run_at_the_output_is_refused(model_directory, classifier, tmp_path, out):
    source = write_jsonl(tmp_path / "rows.jsonl", ROWS)
    out.parent.mkdir()
    (out.parent / "part-of-mine.txt").write_text("mine")
    with pytest.raises(UserError, match="part-of-mine.txt exists already"):
        score(model_directory, [source], out)
    (out.parent / "part-of-mine.txt").unlink()
    score(model_directory, [source], out)
    before = names_in(tmp_path)
    with pytest.raises(UserError, match="of another run: it differs in output_format. Name"):
        score(model_directory, [source], out, output_format="parquet")
    assert names_in(tmp_path) == before


def test_a_file_cut_short_leaves_no_output_and_the_run_goes_on(model_directory, tmp_path, out):
    write_jsonl(tmp_path / "a.jsonl.gz", ROWS)
    whole = gzip.compress(b"".join(json.dumps(row).encode() + b"\n" for row in ROWS * 50))
    (tmp_path / "b.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    pattern = str(tmp_path / "*.jsonl.gz")
    with pytest.raises(UserError, match=r"b.jsonl.gz is cut short"):
        score(model_directory, [pattern], out, chunk_rows=10)
    assert not list(out.parent.glob("part-*"))
    (tmp_path / "b.jsonl.gz").write_bytes(whole)
    assert score(model_directory, [pattern], out, chunk_rows=10).rows == 51 * len(ROWS)
    assert sorted(path.name for path in out.parent.iterdir()) == [
        *(f"part-0000{n}-of-00002.jsonl" for n in range(2)),
        *(f"part.manifest-0000{n}-of-00002.json" for n in range(2)),
        "part.run.json",
    ]


def test_a_full_disk_leaves_no_output(model_directory, tmp_path, out):
    source = write_jsonl(tmp_path / "rows.jsonl", ROWS * 20)
    with largest_file(8_000), pytest.raises(UserError, match="Could not write .*File too large"):
        score(model_directory, [source], out, chunk_rows=50)
    assert not list(out.parent.glob("part-*")) + list(out.parent.rglob("*manifest*"))
    assert score(model_directory, [source], out, chunk_rows=50).rows == len(ROWS) * 20


@pytest.mark.parametrize(
    "name, settings, saying",
    [
        ("missing-*.jsonl", {}, "No file matches .*missing-"),
        ("rows.parquet", {"text_column": "words"}, "rows.parquet has no column `words`"),
        ("rows.jsonl", {"id_column": "number"}, "rows.jsonl has no column `number`"),
        ("rows.pdf", {}, "The format of .*rows.pdf is not known by its ending"),
        ("damaged.parquet", {}, "damaged.parquet cannot be read as Parquet"),
        ("pairs.tsv", {}, "takes single texts. Received: pairs of texts in"),
        ("rows.jsonl", {"chunk_rows": 0}, "`chunk_rows` must be at least 1"),
        ("rows.jsonl", {"pipeline_options": ["--no_such=1"]}, "Received: --no_such"),
    ],
)
def test_refused_before_anything_is_written(name, settings, saying, model_directory, tmp_path, out):
    for file in ("rows.parquet", "rows.jsonl"):
        write_rows(tmp_path / file, ROWS)
    (tmp_path / "rows.pdf").touch()
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1")
    (tmp_path / "pairs.tsv").write_text("sentence1\tsentence2\na\tb\n")
    before = names_in(tmp_path)
    with pytest.raises(UserError, match=saying):
        score(model_directory, [str(tmp_path / name)], out, **settings)
    assert names_in(tmp_path) == before


def test_one_parquet_file_of_many_without_the_column(model_directory, tmp_path, out):
    write_rows(tmp_path / "a.parquet", ROWS)
    write_rows(tmp_path / "b.parquet", [{"id": "1", "words": "fine"}])
    with pytest.raises(UserError, match="b.parquet has no column `text`. Columns found: id, words"):
        score(model_directory, [str(tmp_path / "*.parquet")], out)
    assert not list(out.parent.glob("part-*"))


def test_a_pattern_is_no_output(model_directory, tmp_path):
    with pytest.raises(UserError, match="`output` must be no pattern"):
        score(model_directory, ["rows.jsonl"], tmp_path / "part-*")


def test_no_model(tmp_path, out):
    source = write_jsonl(tmp_path / "rows.jsonl", ROWS)
    with pytest.raises(UserError, match="must be a directory that `eelbert train` wrote"):
        score(tmp_path / "no_model", [source], out)
