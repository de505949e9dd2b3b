"""Tests of `eelbert evaluate`."""

import pytest

from tests.cli.command import refused, succeeded

RUNTIMES = ("keras", "saved_model", "litert")


@pytest.mark.parametrize("kind", ["classes", "pairs"])
def test_the_runtimes_agree_on_classes(kind, request):
    trained = request.getfixturevalue(kind)
    answers = [evaluated(trained, runtime) for runtime in RUNTIMES]
    assert answers[0] == answers[1] == answers[2]
    assert list(answers[0]) == ["accuracy", "macro_f1", "count", "majority_accuracy"]
    assert answers[0]["count"] == 24


def test_it_has_learnt(classes):
    assert evaluated(classes, "litert")["accuracy"] > 0.9
    assert evaluated(classes, "litert")["majority_accuracy"] == 0.5


def test_the_runtimes_agree_on_scores(scores, tmp_path):
    path = tmp_path / "scores.tsv"
    path.write_text("sentence\tscore\na fine film\t1\nan awful film\t0\na film\t0.5\n")
    answers = [
        succeeded("evaluate", scores.directory, path, "--runtime", runtime, "--json").json
        for runtime in RUNTIMES
    ]
    assert list(answers[0]) == ["pearson", "spearman", "mean_absolute_error", "count"]
    for answer in answers[1:]:
        assert answer == pytest.approx(answers[0], abs=1e-4)


def test_without_json_it_is_for_reading(classes):
    out = succeeded("evaluate", classes.directory, classes.data, "--runtime", "litert").out
    lines = dict(line.split() for line in out.splitlines())
    assert lines["count"] == "24"
    assert lines["majority_accuracy"] == "0.5000"


def test_labels_that_the_model_does_not_know(classes, tmp_path):
    path = tmp_path / "data.tsv"
    path.write_text("label\ttext\ngood\tfine\nsplendid\tfine\n")
    refused(
        *("evaluate", classes.directory, path),
        saying=f"model's: bad, good. Received in 1 of 2 rows of {path}: splendid.",
    )


def test_data_of_another_kind_than_the_model(classes, pairs, scores, tmp_path):
    numbers = tmp_path / "numbers.tsv"
    numbers.write_text("score\ttext\n0.5\tfine\n")
    for trained, data, saying in (
        (classes, numbers, "The model gives classes, so the labels must be among bad, good."),
        (scores, classes.data, "The model gives scores, so the labels must be numbers"),
        (pairs, tmp_path / "same.tsv", "This model takes pairs of texts. Received: single texts."),
        (classes, tmp_path / "two.tsv", "This model takes single texts. Received: pairs."),
    ):
        (tmp_path / "same.tsv").write_text("label\ttext\nsame\tfine\n")
        (tmp_path / "two.tsv").write_text("label\tsentence1\tsentence2\ngood\tfine\tfine\n")
        for runtime in ("keras", "litert"):
            line = ("evaluate", trained.directory, data, "--runtime", runtime)
            refused(*line, saying=saying)


def evaluated(trained, runtime):
    line = ("evaluate", trained.directory, trained.data, "--runtime", runtime, "--json")
    return succeeded(*line).json
