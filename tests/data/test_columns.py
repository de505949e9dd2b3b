"""Tests of the choice of columns."""

import pytest

from eelbert_tf.data.columns import Columns, choose_columns
from eelbert_tf.errors import UserError


@pytest.mark.parametrize(
    "found, expected",
    [
        (["label", "text"], Columns("text", None, "label")),
        (["idx", "sentence", "label"], Columns("sentence", None, "label")),
        (["sentence1", "sentence2", "score"], Columns("sentence1", "sentence2", "score")),
        (["score", "label", "text"], Columns("text", None, "label")),
        (["text_pair", "text", "label"], Columns("text", "text_pair", "label")),
        (["question", "sentence", "label"], Columns("question", "sentence", "label")),
        (["question1", "question2", "label"], Columns("question1", "question2", "label")),
        (["premise", "hypothesis", "label"], Columns("premise", "hypothesis", "label")),
        (["sentence1", "sentence2", "text", "label"], Columns("text", None, "label")),
    ],
)
def test_usual_columns(found, expected):
    assert choose_columns(found, "data.tsv") == expected


@pytest.mark.parametrize(
    "named, expected",
    [
        ({"text_column": "b"}, Columns("b", None, "label")),
        ({"text_column": "b", "text_pair_column": "a"}, Columns("b", "a", "label")),
        ({"text_pair_column": "a"}, Columns("text", "a", "label")),
        ({"label_column": "a"}, Columns("text", None, "a")),
        ({"label_column": "a", "with_labels": False}, Columns("text", None, None)),
        ({"label_column": "text", "text_column": "a"}, Columns("a", None, "text")),
    ],
)
def test_named_columns(named, expected):
    assert choose_columns(["a", "b", "text", "label"], "data.tsv", **named) == expected


def test_a_pair_named_after_a_usual_text_leaves_the_other_usual_text():
    found = ["text", "sentence", "label"]
    assert choose_columns(found, "d", text_pair_column="text") == ("sentence", "text", "label")


@pytest.mark.parametrize(
    "found, named, message",
    [
        (["a", "b"], {}, "no column `label` or `score`.*found: a, b.*--label-column"),
        (["label", "b"], {}, "no column `text` or `sentence`.*found: label, b.*--text-column"),
        (["label", "text"], {"text_column": "txt"}, "no column `txt`.*found: label, text"),
        (["label", "text"], {"text_pair_column": "b"}, "no column `b`.*--text-pair-column"),
        (["label", "text"], {"label_column": "c"}, "no column `c`.*--label-column"),
        (["label", "text", "text"], {}, "more than one column `text`"),
        (["a", "label"], {"text_column": "a", "label_column": "a"}, "`a` of data.tsv is named tw"),
    ],
)
def test_mistakes_list_the_columns_and_the_flags(found, named, message):
    with pytest.raises(UserError, match=message):
        choose_columns(found, "data.tsv", **named)


def test_a_long_header_is_shortened():
    with pytest.raises(UserError) as caught:
        choose_columns(["word " * 1000], "data.tsv")
    assert len(str(caught.value)) < 300
