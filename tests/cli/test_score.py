"""Tests of `eelbert score`."""

import pathlib
import re
import sys
import time

import pytest

from tests import toy
from tests.cli.command import process, refused, succeeded
from tests.scoring.rows import read_jsonl, scored, texts, write_jsonl


def test_it_scores_and_tells(model_directory, tmp_path):
    source = write_jsonl(tmp_path / "rows.jsonl", [{"text": text} for text in [*toy.TEXTS, 3]])
    out = tmp_path / "out" / "part"
    line = ("score", "--model", model_directory, "--input", source, "--output", out)
    result = succeeded(*line, "--json", "--direct_num_workers=1")
    assert result.out.splitlines()[:2] == [
        f"{len(toy.TEXTS)} rows of 1 files scored in {out}-*",
        f"1 bad rows are in {out}.dead_letter-*",
    ]
    assert result.json == {"rows": len(toy.TEXTS), "bad_rows": 1, "files": 1}
    assert [row["label"] for row in scored(tmp_path / "out")] == toy.LABELS
    assert succeeded(*line).out.startswith(f"{len(toy.TEXTS)} rows of 1 files")


@pytest.mark.parametrize(
    "more, saying",
    [
        (("--model", "no_such_model"), "must be a directory that `eelbert train` wrote"),
        (("--input", "no_such_*.jsonl"), "No file matches no_such_*.jsonl."),
        (("--no_such_option=1",), "Options must be the command's or Beam's."),
    ],
)
def test_refused(more, saying, model_directory, tmp_path):
    source = write_jsonl(tmp_path / "rows.jsonl", [{"text": "a fine film"}])
    line = ("score", "--model", model_directory, "--input", source, "--output", tmp_path / "part")
    refused(*line, *more, saying=saying, folder=tmp_path)


def test_without_beam_the_extra_is_named(model_directory, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "apache_beam", None)
    refused(
        *("score", "--model", model_directory, "--input", "x.jsonl", "--output", tmp_path / "x"),
        saying="This needs Apache Beam. Install it: pip install 'eelbert_tf[beam]'",
    )


def test_two_workers_killed_midway_lose_no_row_and_double_none(model_directory, tmp_path):
    rows = [{"id": str(number), "text": text} for number, text in enumerate(texts(30_000))]
    for shard in range(2):
        write_jsonl(tmp_path / f"{shard}.jsonl.gz", rows[shard::2])
    out = tmp_path / "out"
    line = ("score", "--model", model_directory, "--input", str(tmp_path / "?.jsonl.gz"))
    line += ("--output", out / "part", "--direct_num_workers=2")

    run = process(*line)
    parts = wait_for_parts(out, 2)
    workers = workers_of(run)
    run.kill()
    run.communicate()
    assert len(workers) == 2
    assert not list(out.glob("part-*"))
    wait_until(lambda: not any(map(is_running, workers)))

    before = {part: part.stat().st_mtime_ns for part in parts}
    run = process(*line)
    while run.poll() is None:
        kept = [part for part in parts if part.exists()]
        assert [part.stat().st_mtime_ns for part in kept] == [before[part] for part in kept]
        time.sleep(0.1)
    assert (errors_of(run), run.returncode) == ("", 0)
    for shard in range(2):
        found = read_jsonl(out / f"part-0000{shard}-of-00002.jsonl")
        assert [row["id"] for row in found] == [row["id"] for row in rows[shard::2]]
    assert not list(out.glob("*.parts"))


def parts_in(out):
    return [path for path in out.glob("part.parts/*/*") if re.fullmatch(r"\d+-\d+-\d+", path.name)]


def wait_for_parts(out, count):
    wait_until(lambda: len(parts_in(out)) >= count)
    return parts_in(out)


def wait_until(condition):
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def errors_of(run):
    """What a command says on standard error till its end, but for progress."""
    lines = run.communicate()[1].splitlines(keepends=True)
    return "".join(line for line in lines if not re.match(r"scored [\d,]+ rows, ", line))


def workers_of(run):
    children = pathlib.Path(f"/proc/{run.pid}/task").glob("*/children")
    return [int(pid) for path in children for pid in path.read_text().split()]


def is_running(pid):
    status = pathlib.Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
