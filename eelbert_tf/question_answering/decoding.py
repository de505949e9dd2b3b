"""From logits of starts and ends to the best answers, as characters of the context."""

import numpy as np


def best_span(start_logits, end_logits, longest):
    """The span with the highest sum of logits, exactly.

    Args:
        start_logits, end_logits: float `(length,)`.
        longest: int. Places of a span at most.

    Returns:
        `(first, last, score)`; the first of equals.

    >>> best_span(np.array([0.0, 2.0, 1.0]), np.array([5.0, 0.0, 1.0]), longest=2)
    (0, 0, 5.0)
    """
    best = (0, 0, -np.inf)
    for more in range(min(longest, len(start_logits))):
        sums = start_logits[: len(start_logits) - more] + end_logits[more:]
        first = int(np.argmax(sums))
        if sums[first] > best[2]:
            best = (first, first + more, float(sums[first]))
    return best


def answer_text(context, example, first, last):
    """The characters from the word of a context's row to the word of another.

    Args:
        context: str.
        example: `windows.Encoded`.
        first, last: int, rows of the context.
    """
    start = example.spans[example.words[first]][0]
    stop = example.spans[example.words[last]][1]
    return context[start:stop]


def answers_of(questions, encoded, windows, logits, longest=30):
    """The best answer of each question over all its windows.

    Args:
        questions: list of `Question`.
        encoded: list of `Encoded`, one of each question.
        windows: list of `Window`.
        logits: iterable of `(start_logits, end_logits)` of the context's part of each window.
        longest: int. Rows of an answer at most.

    Returns:
        A dict from ids to texts; "" where a context holds no words.
    """
    best = [(None, None, -np.inf)] * len(questions)
    for window, (starts, ends) in zip(windows, logits, strict=True):
        if window.start == window.stop:
            continue
        first, last, score = best_span(starts, ends, longest)
        if score > best[window.example][2]:
            best[window.example] = (window.start + first, window.start + last, score)
    return {
        question.id: "" if first is None else answer_text(question.context, example, first, last)
        for question, example, (first, last, _) in zip(questions, encoded, best)
    }
