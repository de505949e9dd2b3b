"""Tests of telling scores from class names."""

import pytest

from eelbert_tf.data.labels import are_scores, as_class_name, as_score


@pytest.mark.parametrize(
    "labels, column, named, expected",
    [
        (["0", "1"], "label", True, False),
        (["3.25", "4"], "label", True, True),
        (["3.25", "4"], "label", False, False),
        (["1", "2"], "score", False, True),
        ([3.25, 4], "label", False, True),
        ([3.0, 4.0], "label", False, False),
        ([3.0, 4.0], "label", True, True),
        ([True, 2.5], "label", True, False),
        (["v1.2", "3.4"], "label", True, False),
        (["1_0", "3.4"], "label", True, False),
    ],
)
def test_are_scores(labels, column, named, expected):
    assert are_scores(labels, column, column_was_named=named) is expected


@pytest.mark.parametrize(
    "label, expected",
    [("4.5", 4.5), (4, 4.0), (" -1e3 ", -1000.0), ("nan", None), ("", None), (True, None)]
    + [(10**400, None), ("x", None)],
)
def test_as_score(label, expected):
    assert as_score(label) == expected


@pytest.mark.parametrize("label, expected", [(" a ", "a"), (1, "1"), (True, "true"), (1.0, "1.0")])
def test_as_class_name(label, expected):
    assert as_class_name(label) == expected
