"""Exact match and F1 of answers, as the official evaluate-v1.1.py of SQuAD computes them."""

import collections
import re
import string

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalize(text):
    """Lower case, no ASCII punctuation, no articles, single spaces.

    >>> normalize("The  Cat's   hat, a hat")
    'cats hat hat'
    """
    text = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", text).split())


def exact_match(prediction, answer):
    """1.0 where both are the same once normalized, else 0.0."""
    return float(normalize(prediction) == normalize(answer))


def f1(prediction, answer):
    """The harmonic mean of precision and recall of words: 0.0 where no word is in common."""
    predicted, true = normalize(prediction).split(), normalize(answer).split()
    same = sum((collections.Counter(predicted) & collections.Counter(true)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(predicted), same / len(true)
    return 2 * precision * recall / (precision + recall)


def squad_scores(questions, predictions):
    """The scores of predictions, in percent.

    Each takes the best of a question's answers; a question without prediction counts 0.

    Args:
        questions: list of `Question`.
        predictions: dict from ids to texts.

    Returns:
        A dict of `exact_match`, `f1` and `unanswered`, the number of questions without prediction.
    """
    totals = {"exact_match": 0.0, "f1": 0.0}
    answered = [question for question in questions if question.id in predictions]
    for question in answered:
        prediction = predictions[question.id]
        texts = [text for text, _ in question.answers]
        totals["exact_match"] += max(exact_match(prediction, text) for text in texts)
        totals["f1"] += max(f1(prediction, text) for text in texts)
    scores = {name: 100.0 * total / len(questions) for name, total in totals.items()}
    return {**scores, "unanswered": len(questions) - len(answered)}
