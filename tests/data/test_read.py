"""Tests of reading whatever the format: sources, labels, scores, bad rows."""

import subprocess
import sys

import pytest

from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError


def write_tsv(folder, *rows, header="label\ttext", name="data.tsv"):
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8", newline="\n")
    return path


def test_a_source_that_is_neither_a_file_nor_a_dataset():
    with pytest.raises(UserError, match="path of a file that exists, or `tfds:NAME`.*'films.tsv'"):
        read_examples("films.tsv")


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_examples(tmp_path, file_format="tsv")


def test_a_file_that_exists_goes_before_a_dataset(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_tsv(tmp_path, "good\tfine", name="tfds:films.tsv")
    assert read_examples("tfds:films.tsv").texts == ["fine"]


def test_unknown_ending_and_file_format(tmp_path):
    path = write_tsv(tmp_path, "good\tfine", name="data.xls")
    with pytest.raises(UserError, match="'xls'.*.tsv, .csv, .jsonl, .txt, .parquet.*--file-format"):
        read_examples(path)
    assert read_examples(path, file_format="tsv").texts == ["fine"]


def test_endings_in_capitals(tmp_path):
    assert len(read_examples(write_tsv(tmp_path, "good\tfine", name="DATA.TSV"))) == 1


def test_a_file_has_no_splits(tmp_path):
    with pytest.raises(UserError, match="`split` is for `tfds:NAME` sources"):
        read_examples(write_tsv(tmp_path, "good\tfine"), split="test")


def test_pairs(tmp_path):
    path = write_tsv(tmp_path, "1\ta\tb", "0\tc\t", header="label\tsentence1\tsentence2")
    examples = read_examples(path)
    assert (examples.texts, examples.text_pairs) == (["a", "c"], ["b", ""])
    assert examples.labels == ["1", "0"]


def test_without_labels(tmp_path):
    path = write_tsv(tmp_path, "\tfine", "bad\tpoor")
    examples = read_examples(path, with_labels=False)
    assert examples.labels is None
    assert examples.texts == ["fine", "poor"]


def test_missing_column(tmp_path):
    path = write_tsv(tmp_path, "good\tfine", header="label\tcomment")
    with pytest.raises(UserError, match="Columns found: label, comment.*`--text-column`"):
        read_examples(path)
    assert read_examples(path, text_column="comment").texts == ["fine"]


def test_whole_numbers_are_class_names_even_when_named(tmp_path):
    path = write_tsv(tmp_path, "0\ta", "10\tb")
    assert read_examples(path, label_column="label").labels == ["0", "10"]


def test_labels_lose_the_space_around_them(tmp_path):
    assert read_examples(write_tsv(tmp_path, " good \tfine")).labels == ["good"]


def test_numbers_with_decimal_points_are_scores_when_named(tmp_path):
    path = write_tsv(tmp_path, "3.25\ta", "-4\tb", "1e-2\tc")
    assert read_examples(path).labels == ["3.25", "-4", "1e-2"]
    assert read_examples(path, label_column="label").labels == [3.25, -4.0, 0.01]


def test_a_named_column_with_one_word_among_the_numbers_holds_class_names(tmp_path):
    path = write_tsv(tmp_path, "3.25\ta", "none\tb")
    assert read_examples(path, label_column="label").labels == ["3.25", "none"]


def test_a_score_column_holds_scores(tmp_path):
    assert read_examples(write_tsv(tmp_path, "4\ta", header="score\ttext")).labels == [4.0]


@pytest.mark.parametrize("score", ["nan", "inf", "-inf", "high", "1_000", "1e999"])
def test_scores_must_be_finite_numbers(tmp_path, score):
    path = write_tsv(tmp_path, "4.5\ta", f"{score}\tb", "3\tc", header="score\ttext")
    with pytest.raises(UserError, match=f"line 3: column `score` must hold a finite .*'{score}'"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert (examples.labels, examples.texts) == ([4.5, 3.0], ["a", "c"])
    assert [row.raw for row in examples.skipped] == [f"{score}\tb"]


def test_nan_among_named_scores_is_a_bad_row_not_a_class(tmp_path):
    path = write_tsv(tmp_path, "4.5\ta", "nan\tb")
    assert read_examples(path, label_column="label", skip_bad_rows=True).labels == [4.5]


@pytest.mark.parametrize("label", ["", "  "])
def test_empty_labels_are_bad_rows(tmp_path, label):
    path = write_tsv(tmp_path, "good\tfine", f"{label}\tpoor")
    with pytest.raises(UserError, match="line 3: column `label` is empty.*--skip-bad-rows"):
        read_examples(path)
    assert read_examples(path, skip_bad_rows=True).labels == ["good"]


def test_skipped_rows_are_in_the_order_of_the_file(tmp_path):
    path = write_tsv(tmp_path, "nan\ta", "1\tb", "x", "\tc", "high\td", header="score\ttext")
    examples = read_examples(path, skip_bad_rows=True)
    assert [row.line for row in examples.skipped] == [2, 4, 5, 6]
    assert len(examples) + len(examples.skipped) == 5
    assert {row.file for row in examples.skipped} == {str(path)}


@pytest.mark.parametrize("header, row", [("label\ttext", "\ta"), ("score\ttext", "high\ta")])
def test_nothing_left_after_skipping(tmp_path, header, row):
    path = write_tsv(tmp_path, row, row, header=header)
    with pytest.raises(UserError, match="no rows that can be used: 2 skipped. The first: 2: col"):
        read_examples(path, skip_bad_rows=True)


def test_seventy_thousand_rows_lose_nothing(tmp_path):
    rows = [f"{number % 7}\tsome words about the number {number}" for number in range(70_000)]
    examples = read_examples(write_tsv(tmp_path, *rows))
    assert [f"{a}\t{b}" for a, b in zip(examples.labels, examples.texts, strict=True)] == rows


def test_files_are_read_without_heavy_imports(tmp_path):
    path = write_tsv(tmp_path, "good\tfine")
    code = (
        "import sys; from eelbert_tf.data.read import read_examples;"
        "read_examples(sys.argv[1]);"
        "print({'tensorflow', 'keras', 'pandas', 'pyarrow', 'numpy'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"
