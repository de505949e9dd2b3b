"""Tests of tab-separated files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError
from tests.data.files import write

UNICODE = st.characters(exclude_categories=["Cs"])


@given(st.lists(st.text(UNICODE.filter(lambda c: c not in "\t\n\r")), min_size=1, max_size=5))
def test_gives_any_text_without_tabs_and_line_breaks_back(tmp_path_factory, texts):
    content = "label\ttext\n" + "".join(f"c\t{text}\n" for text in texts)
    path = write(tmp_path_factory.mktemp("any"), "data.tsv", content)
    assert read_examples(path).texts == texts


def test_quote_marks_are_text(tmp_path):
    path = write(tmp_path, "data.tsv", 'label\ttext\na\t"quoted"\nb\t"open\nc\t""\n')
    assert read_examples(path).texts == ['"quoted"', '"open', '""']


@pytest.mark.parametrize("row, count", [("a", 1), ("", 1), ("a\tb\tc", 3)])
def test_wrong_number_of_fields(tmp_path, row, count):
    path = write(tmp_path, "data.tsv", f"label\ttext\ngood\tfine\n{row}\nbad\tpoor\n")
    with pytest.raises(UserError, match=f"line 3: expected 2 tab-separated fields, found {count}"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["fine", "poor"]
    assert [(skipped.line, skipped.raw) for skipped in examples.skipped] == [(3, row)]
