"""Tests of fastText files."""

import pytest

from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError
from tests.data.files import write


def test_needs_one_label(tmp_path):
    path = write(tmp_path, "data.txt", "__label__a __label__b both\nnone\n__label__c\tone\n")
    with pytest.raises(UserError, match="line 1: expected one `__label__NAME` .* found 2"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert (examples.labels, examples.texts) == (["c"], ["one"])
    assert [row.line for row in examples.skipped] == [1, 2]


def test_without_labels_is_one_text_a_line(tmp_path):
    path = write(tmp_path, "data.txt", "__label__a __label__b both\n\n none \n")
    examples = read_examples(path, with_labels=False)
    assert examples.texts == ["both", "", " none "]
    assert examples.labels is None
