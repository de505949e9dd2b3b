"""Tests of scores, with cases computed by hand."""

import pytest

from eelbert_tf.training.metrics import classification_metrics, score_metrics


def test_classes():
    labels = ["a", "a", "a", "b", "b", "c"]
    predictions = ["a", "a", "b", "b", "b", "a"]
    # F1 of a: 2 * 2 / (3 + 3), of b: 2 * 2 / (2 + 3), of c: 0.
    assert classification_metrics(labels, predictions) == {
        "accuracy": pytest.approx(4 / 6),
        "macro_f1": pytest.approx((2 / 3 + 4 / 5 + 0) / 3),
        "count": 6,
        "majority_accuracy": pytest.approx(3 / 6),
    }


def test_a_constant_prediction_reaches_the_majority():
    metrics = classification_metrics(["a", "b", "b", "b"], ["b"] * 4)
    assert metrics["accuracy"] == metrics["majority_accuracy"] == 0.75
    assert metrics["macro_f1"] == pytest.approx((0 + 6 / 7) / 2)


def test_a_prediction_that_is_no_label_counts_as_a_class():
    assert classification_metrics(["a", "a"], ["a", "b"])["macro_f1"] == pytest.approx(1 / 3)


def test_scores():
    metrics = score_metrics([1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 100.0])
    # Deviations -1.5, -0.5, 0.5, 1.5 and -26, -24, -22, 72.
    pearson = (1.5 * 26 + 0.5 * 24 - 0.5 * 22 + 1.5 * 72) / (
        5 * (26**2 + 24**2 + 22**2 + 72**2)
    ) ** 0.5
    assert metrics == {
        "pearson": pytest.approx(pearson),
        "spearman": pytest.approx(1.0),
        "mean_absolute_error": pytest.approx((1 + 2 + 3 + 96) / 4),
        "count": 4,
    }


@pytest.mark.parametrize(
    "scores, predictions",
    [([1.0, 3.0], [2.0, 2.0]), ([2.0, 2.0], [1.0, 3.0]), ([1.0], [2.0])],
)
def test_a_constant_side_has_no_correlation(scores, predictions):
    metrics = score_metrics(scores, predictions)
    assert (metrics["pearson"], metrics["spearman"]) == (None, None)
    assert metrics["mean_absolute_error"] == 1.0
