"""Tests of GLUE's metrics and their bootstrap, on values worked out by hand."""

import math

import numpy as np
import pytest

from eelbert_tf.glue.bootstrap import bootstrap_intervals
from eelbert_tf.glue.metrics import main_score, majority_metrics, task_metrics

# 3 true positives, 1 false positive, 2 false negatives, 4 true negatives.
LABELS = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0])
ANSWERS = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
ALL = ("accuracy", "f1", "matthews")
CORRELATIONS = ("pearson", "spearman")


def test_classes():
    assert task_metrics(ALL, LABELS, ANSWERS) == pytest.approx(
        {"accuracy": 0.7, "f1": 6 / 9, "matthews": (3 * 4 - 1 * 2) / math.sqrt(4 * 5 * 5 * 6)}
    )


def test_scores():
    labels, answers = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 10.0])
    # deviations -1.5 -0.5 0.5 1.5 and -3 -1 -2 6; ranks 1 3 2 4
    expected = {"pearson": 13 / math.sqrt(5 * 50), "spearman": 1 - 6 * 2 / (4 * 15)}
    assert task_metrics(CORRELATIONS, labels, answers) == pytest.approx(expected)


def test_what_is_not_defined_is_0():
    ones = np.ones(4, int)
    assert task_metrics(("matthews",), np.array([0, 1, 0, 1]), ones) == {"matthews": 0.0}
    assert task_metrics(("f1",), 1 - ones, 1 - ones) == {"f1": 0.0}
    constant = task_metrics(CORRELATIONS, np.array([1.0, 2.0]), np.array([3.0, 3.0]))
    assert constant == {"pearson": 0.0, "spearman": 0.0}


def test_the_majority():
    assert majority_metrics(ALL, np.array([1, 1, 1, 0])) == pytest.approx(
        {"accuracy": 0.75, "f1": 6 / 7, "matthews": 0.0}
    )
    assert majority_metrics(("accuracy",), np.array([2, 2, 0])) == {
        "accuracy": pytest.approx(2 / 3)
    }
    assert majority_metrics(CORRELATIONS, np.array([1.0, 5.0])) == {"pearson": 0, "spearman": 0}


def test_choices_go_by_the_mean_of_a_tasks_metrics():
    assert main_score({"f1": 0.8, "accuracy": 0.7}) == pytest.approx(0.75)


@pytest.mark.parametrize("kind", ["classes", "scores"])
def test_intervals_are_those_of_resampled_rows(kind):
    chance = np.random.default_rng(0)
    if kind == "classes":
        names, labels = ALL, chance.integers(0, 2, 200)
        answers = np.where(chance.random(200) < 0.8, labels, 1 - labels)
    else:
        names, labels = CORRELATIONS, chance.normal(size=200)
        answers = labels + chance.normal(size=200)
    found = bootstrap_intervals(names, labels, answers)
    rows = chance.integers(0, 200, (150, 200))
    values = [task_metrics(names, labels[drawn], answers[drawn]) for drawn in rows]
    for name in names:
        bounds = np.quantile([value[name] for value in values], (0.025, 0.975))
        assert found[name] == pytest.approx(bounds, abs=0.05)
    assert found == bootstrap_intervals(names, labels, answers)


def test_intervals_of_few_rows_and_one_class():
    zeros = np.zeros(3, int)
    found = bootstrap_intervals(ALL, zeros, zeros, resamples=10)
    assert found == {"accuracy": [1.0, 1.0], "f1": [0.0, 0.0], "matthews": [0.0, 0.0]}
    three = np.array([0, 1, 2])
    assert bootstrap_intervals(("accuracy",), three, three)["accuracy"] == [1.0, 1.0]
    scores = bootstrap_intervals(CORRELATIONS, np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    assert scores["pearson"] == [0.0, pytest.approx(1.0)]
