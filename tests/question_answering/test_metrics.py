"""Against cases worked by hand, after the official evaluate-v1.1.py."""

import pytest

from eelbert_tf.question_answering.metrics import exact_match, f1, normalize, squad_scores
from eelbert_tf.question_answering.squad import Question


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The Denver Broncos", "denver broncos"),
        ("  a  an   the ", ""),
        ("another theory", "another theory"),
        ("Santa Clara, California.", "santa clara california"),
        ("$1.2 million", "12 million"),
        ("the-end", "theend"),  # punctuation goes first
        ("U.S.A", "usa"),
        ("“Curly” quotes", "“curly” quotes"),  # ASCII punctuation alone
        ("a\tb\nc", "b c"),
    ],
)
def test_normalization(text, normal):
    assert normalize(text) == normal


@pytest.mark.parametrize(
    ("prediction", "answer", "exact", "mean"),
    [
        ("the Broncos", "Broncos!", 1.0, 1.0),
        ("Denver Broncos", "Broncos", 0.0, 2 / 3),  # precision 1/2, recall 1
        ("the cat sat on a mat", "cat on the mat today", 0.0, 2 * 0.75 * 0.75 / 1.5),
        ("dog", "cat", 0.0, 0.0),
        ("to be or not to be", "to be", 0.0, 0.5),  # 2 of 6, 2 of 2
        ("to to", "to", 0.0, 2 / 3),  # counted once
        ("the", "a", 1.0, 0.0),  # both empty: equal, but no word in common
        ("", "cat", 0.0, 0.0),
    ],
)
def test_exact_match_and_f1(prediction, answer, exact, mean):
    assert exact_match(prediction, answer) == exact
    assert f1(prediction, answer) == pytest.approx(mean)


def test_the_best_of_several_answers_and_questions_without_prediction():
    def question(number, *texts):
        return Question(number, "?", "", tuple((text, 0) for text in texts))

    questions = [question("1", "cat", "the dog"), question("2", "red car"), question("3", "x")]
    scores = squad_scores(questions, {"1": "dog", "2": "car", "else": "y"})
    assert scores == {
        "exact_match": pytest.approx(100 / 3),
        "f1": pytest.approx(100 * (1 + 2 / 3) / 3),
        "unanswered": 1,
    }
