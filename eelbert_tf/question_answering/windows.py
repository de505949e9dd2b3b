"""Long contexts as windows that overlap, each behind the question: `[CLS] q [SEP] part [SEP]`."""

import collections

import numpy as np

from eelbert_tf.models.compatibility import SPECIAL_TOKENS_OF_PAIR

# `question`: int32, its rows; `context`: int32, all rows of the context; `words`: int32, the word
# of each of these; `spans`: list of `(start, stop)` of the words in characters; `target`: the first
# and the last row of the answer, or None.
Encoded = collections.namedtuple("Encoded", ["question", "context", "words", "spans", "target"])

# A part of an encoded context: `example`: which; `start`, `stop`: its rows.
Window = collections.namedtuple("Window", ["example", "start", "stop"])


def windows_of(encoded, length, stride):
    """Cut contexts into windows.

    Args:
        encoded: list of `Encoded`.
        length: int. Places of a window, the question and special tokens included.
        stride: int. Places from the start of a window to that of the next (as `doc_stride` of the
            original BERT); where a question leaves less room, that room, so that none is left out.

    Returns:
        list of `Window`, at least one of each example.
    """
    windows = []
    for number, example in enumerate(encoded):
        room, size = length - SPECIAL_TOKENS_OF_PAIR - len(example.question), len(example.context)
        start = 0
        while True:
            windows.append(Window(number, start, min(start + room, size)))
            if start + room >= size:
                break
            start += min(stride, room)
    return windows


def target_in(window, target):
    """Where an answer stands in a context's part, or None where it is not whole in it."""
    if target is None or target[0] < window.start or target[1] >= window.stop:
        return None
    return target[0] - window.start, target[1] - window.start


def batch_of(encoded, windows, inputs, length):
    """The inputs of windows.

    Args:
        encoded: list of `Encoded`.
        windows: list of `Window`.
        inputs: `HashedInputs` or `PieceInputs`.
        length: int, as of `windows_of`.

    Returns:
        `(x, starts)`: a dict of arrays `(batch, length)`, those of the encoder and `answer_mask`,
        true at the context and, for "not in this window", at `[CLS]`; and int32 `(batch,)`, the
        place at which each context begins.
    """
    texts = [
        (encoded[w.example].question, encoded[w.example].context[w.start : w.stop]) for w in windows
    ]
    longest = max(len(question) + len(part) for question, part in texts) + SPECIAL_TOKENS_OF_PAIR
    shape = (len(windows), min(-(-longest // 32) * 32, length))  # few shapes occur
    rows = np.full(shape, inputs.pad, "int32")
    mask, segments, answers = (np.zeros(shape, "int32") for _ in range(3))
    starts = np.array([len(question) + 2 for question, _ in texts], "int32")
    for row, ((question, part), start) in enumerate(zip(texts, starts)):
        stop = start + len(part)
        sequence = np.concatenate([[inputs.cls], question, [inputs.sep], part, [inputs.sep]])
        rows[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
        segments[row, start : stop + 1] = 1
        answers[row, 0] = 1
        answers[row, start:stop] = 1
    return {**inputs.of_rows(rows, mask, segments), "answer_mask": answers}, starts
