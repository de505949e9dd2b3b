"""Tests of JSON Lines files."""

import json

import pytest

from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError
from tests.data.files import write


@pytest.mark.parametrize(
    "line, reason",
    [
        ("{", "not valid JSON"),
        ("", "not valid JSON"),
        ('{"label": "a", "text": "b"} x', "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"label": ' + "9" * 5000 + "}", "not valid JSON"),
        ('["a", "b"]', "not a JSON object"),
        ('{"label": "a"}', "column `text` is empty"),
        ('{"label": "a", "text": null}', "column `text` is empty"),
        ('{"label": "a", "text": 3}', "column `text` must hold text. Received: int"),
        ('{"label": "a", "text": ["b"]}', "column `text` must hold text. Received: list"),
        (r'{"label": "a", "text": "\ud800"}', "column `text` is not valid Unicode"),
        ('{"text": "a"}', "column `label` is empty"),
        ('{"label": "", "text": "a"}', "column `label` is empty"),
        ('{"label": NaN, "text": "a"}', "column `label` is empty"),
        ('{"label": ["a", "b"], "text": "a"}', "column `label` must hold text. Received: list"),
    ],
)
def test_bad_rows(tmp_path, line, reason):
    good = '{"label": "good", "text": "fine"}\n'
    path = write(tmp_path, "data.jsonl", good + line + "\n" + good)
    with pytest.raises(UserError, match=f"data.jsonl, line 2: {reason}"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["fine", "fine"]
    assert [(row.line, row.raw) for row in examples.skipped] == [(2, line)]


def test_numbers_and_truth_values_are_class_names(tmp_path):
    lines = [{"text": "a", "label": label} for label in (0, 1, True, "x")]
    path = write(tmp_path, "data.jsonl", "\n".join(map(json.dumps, lines)))
    assert read_examples(path).labels == ["0", "1", "true", "x"]


def test_numbers_with_a_fraction_are_scores(tmp_path):
    path = write(tmp_path, "data.jsonl", '{"text": "a", "label": 3.25}\n{"text": "b", "label": 4}')
    assert read_examples(path).labels == [3.25, 4.0]
