import numpy as np
from hypothesis import given, strategies

from eelbert_tf.question_answering.windows import (
    Encoded,
    Window,
    batch_of,
    target_in,
    windows_of,
)


def example(question, context, target=None):
    words = np.arange(context)
    spans = [(3 * word, 3 * word + 2) for word in words]
    question = np.arange(100, 100 + question, dtype="int32")
    return Encoded(question, np.arange(context, dtype="int32"), words, spans, target)


def test_windows_by_hand():
    # 10 places: 2 of the question, 3 special, 5 of the context.
    windows = windows_of([example(2, 12), example(2, 5), example(2, 0)], length=10, stride=3)
    assert windows == [
        *(Window(0, 0, 5), Window(0, 3, 8), Window(0, 6, 11), Window(0, 9, 12)),
        *(Window(1, 0, 5), Window(2, 0, 0)),
    ]


@given(
    strategies.integers(0, 60),
    strategies.integers(0, 5),
    strategies.integers(9, 20),
    strategies.integers(1, 40),
)
def test_every_place_is_in_a_window_and_none_is_too_long(context, question, length, stride):
    windows = windows_of([example(question, context)], length, stride)
    assert {*range(context)} == {p for w in windows for p in range(w.start, w.stop)}
    assert all(w.stop - w.start + question + 3 <= length for w in windows)
    assert windows[-1].stop == context


def test_a_target_is_whole_in_a_window_or_not_there():
    assert target_in(Window(0, 3, 8), (4, 7)) == (1, 4)
    assert target_in(Window(0, 3, 8), (2, 4)) is None
    assert target_in(Window(0, 3, 8), (6, 8)) is None
    assert target_in(Window(0, 3, 8), None) is None


class Inputs:
    cls, sep, pad = 201, 202, 0

    @staticmethod
    def of_rows(rows, mask, segment_ids):
        return {"token_ids": rows, "padding_mask": mask, "segment_ids": segment_ids}


def test_a_batch_by_hand():
    encoded = [example(2, 12), example(1, 2)]
    x, starts = batch_of(encoded, [Window(0, 3, 6), Window(1, 0, 2)], Inputs, length=20)
    assert x["token_ids"].shape == (2, 20)
    rows = {name: [row[:9].tolist() for row in value] for name, value in x.items()}
    assert rows["token_ids"] == [
        [201, 100, 101, 202, 3, 4, 5, 202, 0],
        [201, 100, 202, 0, 1, 202, 0, 0, 0],
    ]
    assert rows["padding_mask"] == [[1] * 8 + [0], [1] * 6 + [0] * 3]
    assert rows["segment_ids"] == [[0] * 4 + [1] * 4 + [0], [0] * 3 + [1] * 3 + [0] * 3]
    assert rows["answer_mask"] == [[1, 0, 0, 0, 1, 1, 1, 0, 0], [1, 0, 0, 1, 1, 0, 0, 0, 0]]
    assert starts.tolist() == [4, 3]
