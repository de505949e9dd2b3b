"""Tests of comma-separated files."""

import csv

import pytest

from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError
from tests.data.files import FORMATS, write


def test_line_numbers_count_the_lines_of_the_file(tmp_path):
    content = 'label,text\ngood,"two\nlines"\nbad\ngood,"a ""b"", c"\n'
    path = write(tmp_path, "data.csv", content)
    with pytest.raises(UserError, match="line 4: expected 2 fields, found 1"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["two\nlines", 'a "b", c']
    assert [(row.line, row.raw) for row in examples.skipped] == [(4, "bad")]


def test_quote_that_is_never_closed_does_not_swallow_rows_in_silence(tmp_path):
    path = write(tmp_path, "data.csv", 'label,text\ngood,fine\nbad,"open\ngood,lost\n')
    with pytest.raises(UserError, match="line 3: not sound CSV: unexpected end of data"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["fine"]
    assert [row.raw for row in examples.skipped] == ['bad,"open\ngood,lost']


def test_text_after_a_closing_quote(tmp_path):
    path = write(tmp_path, "data.csv", 'label,text\nbad,"a"b\ngood,fine\n')
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["fine"]
    assert [(row.line, row.raw) for row in examples.skipped] == [(2, 'bad,"a"b')]


def test_unsound_header(tmp_path):
    path = write(tmp_path, "data.csv", 'label,"text\n')
    with pytest.raises(UserError, match="line 1: the header is not sound CSV"):
        read_examples(path, skip_bad_rows=True)


def test_leaves_the_field_limit_of_the_process_alone(tmp_path):
    before = csv.field_size_limit()
    read_examples(write(tmp_path, "data.csv", FORMATS["data.csv"]))
    assert csv.field_size_limit() == before


def test_blank_lines_among_single_texts_are_empty_texts(tmp_path):
    path = write(tmp_path, "data.csv", "text\na\n\nb\n")
    assert read_examples(path, with_labels=False).texts == ["a", "", "b"]
