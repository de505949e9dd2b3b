"""Tests of the examples and of saving skipped rows."""

import json

import pytest

from eelbert_tf.data.examples import Examples, SkippedRow, write_skipped


def test_take_keeps_what_belongs_together():
    examples = Examples(["a", "b", "c"], ["x", "y", "z"], [1.0, 2.0, 3.0], "s")
    taken = examples.take([2, 0])
    assert taken == Examples(["c", "a"], ["z", "x"], [3.0, 1.0], "s")
    assert len(taken) == 2


def test_take_without_pairs_and_labels():
    taken = Examples(["a", "b"], None, None, "s").take([1])
    assert (taken.texts, taken.text_pairs, taken.labels) == (["b"], None, None)


def test_take_leaves_skipped_rows_with_the_whole():
    examples = Examples(["a"], None, None, "s", [SkippedRow("s", 3, "bad", "raw")])
    assert examples.take([0]).skipped == []
    assert len(examples.skipped) == 1


@pytest.mark.parametrize("raw", ["a\tb\nc", "not UTF-8: \udcff", "\0", 'q"', "käse"])
def test_write_skipped_loses_nothing(tmp_path, raw):
    row = SkippedRow("data.tsv", 7, "two fields", raw)
    write_skipped(Examples([], None, None, "data.tsv", [row, row]), tmp_path / "skipped.jsonl")
    lines = (tmp_path / "skipped.jsonl").read_bytes().splitlines()
    assert [SkippedRow(**json.loads(line)) for line in lines] == [row, row]
