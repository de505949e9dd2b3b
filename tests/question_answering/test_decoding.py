import numpy as np
from hypothesis import given, strategies

from eelbert_tf.question_answering.decoding import answers_of, best_span
from eelbert_tf.question_answering.encoding import answer_rows
from eelbert_tf.question_answering.squad import Question
from eelbert_tf.question_answering.windows import Encoded, Window

LOGITS = strategies.lists(strategies.floats(-9, 9, width=16), min_size=1, max_size=12)


@given(LOGITS, LOGITS, strategies.integers(1, 14))
def test_the_best_span_is_the_best_of_all(starts, ends, longest):
    size = min(len(starts), len(ends))
    starts, ends = np.array(starts[:size]), np.array(ends[:size])
    sums = {
        (first, last): starts[first] + ends[last]
        for first in range(size)
        for last in range(first, min(size, first + longest))
    }
    first, last, score = best_span(starts, ends, longest)
    assert sums[first, last] == score == max(sums.values())


def test_an_end_before_its_start_and_a_long_answer_are_no_answers():
    starts, ends = np.array([0.0, 0.0, 9.0, 0.0]), np.array([9.0, 0.0, 0.0, 1.0])
    assert best_span(starts, ends, longest=4) == (2, 3, 10.0)
    starts, ends = np.array([9.0, 0.0, 0.0, 1.0]), np.array([0.0, 2.0, 0.0, 9.0])
    assert best_span(starts, ends, longest=2) == (0, 1, 11.0)
    assert best_span(starts, ends, longest=4) == (0, 3, 18.0)


def test_characters_of_the_best_window():
    context = "The (Denver) Bron-cos won."
    spans = [(0, 3), (4, 5), (5, 11), (11, 12), (13, 17), (17, 18), (18, 21), (22, 25), (25, 26)]
    words = np.array([0, 1, 2, 2, 3, 4, 5, 6, 7, 8])  # Denver is two rows
    example = Encoded(None, np.arange(10), words, spans, None)
    empty = Encoded(None, np.arange(0), np.arange(0), [], None)
    questions = [Question("a", "", context, ()), Question("b", "", "", ())]
    windows = [Window(0, 0, 6), Window(0, 3, 10), Window(1, 0, 0)]
    low, high = np.zeros(6), np.zeros(7)
    low[0], high[0], nothing = 3.0, 4.0, np.zeros(0)
    ends = np.zeros(7)
    ends[4] = 4.0
    logits = [(low, low), (high, ends), (nothing, nothing)]
    assert answers_of(questions, [example, empty], windows, logits) == {
        "a": "Denver) Bron-cos",
        "b": "",
    }


def test_rows_of_the_words_that_an_answer_touches():
    spans, words = [(0, 3), (4, 10), (10, 11)], np.array([0, 1, 1, 1, 2])
    assert answer_rows([("Denver", 4), ("x", 0)], spans, words) == (1, 3)
    assert answer_rows([("nv", 6)], spans, words) == (1, 3)  # a part of a word
    assert answer_rows([("The Denver.", 0)], spans, words) == (0, 4)
    assert answer_rows([(" ", 3)], spans, words) is None
    assert answer_rows([], spans, words) is None
