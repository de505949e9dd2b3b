"""Tests of texts as sequences of numbered words."""

import numpy as np
import pytest

from eelbert_tf.data.examples import Examples
from eelbert_tf.distillation.text_rows import TextRows
from eelbert_tf.errors import UserError


def sequences(rows):
    words, ends = rows.load(0)
    return [part.tolist() for part in np.split(words, ends[:-1])]


def test_single_texts_without_words_are_left_out():
    rows = TextRows(Examples(["A fine film", "", "a film a film a"], None, None, "x.tsv"), 4)
    assert rows.words()[0] == ["a", "fine", "film"]
    assert sequences(rows) == [[0, 1, 2], [0, 2, 0, 2]]
    assert rows.words()[1].tolist() == [3, 1, 3]
    with pytest.raises(UserError, match="must hold words. Received: none in x.tsv"):
        TextRows(Examples(["", " "], None, None, "x.tsv"), 4)


def test_of_a_pair_the_longer_text_gives_way():
    examples = Examples(["a b c d e", "a", ""], ["a b", "", "b"], None, "x.tsv")
    assert sequences(TextRows(examples, 4)) == [[0, 1, 5, 0, 1], [0, 5], [5, 1]]
    assert sequences(TextRows(examples, 5)) == [[0, 1, 2, 5, 0, 1], [0, 5], [5, 1]]
