"""Questions and contexts to rows of an encoder's inputs: WordPieces, or words that are hashed."""

import numpy as np

from eelbert_tf.hashing.splitting import word_spans
from eelbert_tf.question_answering.windows import Encoded


def encode(questions, make_inputs, folded, max_question):
    """Cut texts into words, and words into rows.

    Args:
        questions: list of `Question`.
        make_inputs: function of the list of distinct words: `HashedInputs` or `PieceInputs`.
        folded: bool. Whether words are taken as the hash folds them, or as they are written.
        max_question: int. Rows of a question; those behind are left out.

    Returns:
        `(encoded, inputs)`: list of `Encoded`, one of each question in order, and the inputs.
    """
    texts = {text for question in questions for text in (question.question, question.context)}
    spans = {text: word_spans(text) for text in sorted(texts)}
    words = {
        text: [word if folded else text[start:stop] for word, start, stop in of_text]
        for text, of_text in spans.items()
    }
    numbers = {}
    for of_text in words.values():
        for word in of_text:
            numbers.setdefault(word, len(numbers))
    inputs = make_inputs(list(numbers))
    rows, word_of_row, places = {}, {}, {}  # once a context, which many questions share
    for text, of_text in words.items():
        rows[text], counts = _rows(inputs, [numbers[word] for word in of_text])
        word_of_row[text] = np.repeat(np.arange(len(counts), dtype="int32"), counts)
        places[text] = [(start, stop) for _, start, stop in spans[text]]
    encoded = []
    for question in questions:
        context = question.context
        target = answer_rows(question.answers, places[context], word_of_row[context])
        asked = rows[question.question][:max_question]
        encoded.append(Encoded(asked, rows[context], word_of_row[context], places[context], target))
    return encoded, inputs


def _rows(inputs, numbers):
    """The rows of words, and how many each has; nothing of no words."""
    if not numbers:
        return np.zeros(0, "int32"), np.zeros(0, "int32")
    return inputs.rows(np.array(numbers, "int32"))


def answer_rows(answers, spans, word_of_row):
    """The first and the last row of the words that the first answer touches; None of none.

    Args:
        answers: list of `(text, start)`.
        spans: list of `(start, stop)` of the words.
        word_of_row: int `(rows,)`.
    """
    if not answers:
        return None
    text, start = answers[0]
    stop = start + len(text)
    touched = [n for n, (first, behind) in enumerate(spans) if behind > start and first < stop]
    if not touched:
        return None
    rows = np.flatnonzero((word_of_row >= touched[0]) & (word_of_row <= touched[-1]))
    return int(rows[0]), int(rows[-1])
