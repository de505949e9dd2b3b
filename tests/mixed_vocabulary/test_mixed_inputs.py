"""Each word is cut by the teacher's pieces or by the student's."""

import numpy as np
import pytest

from eelbert_tf.mixed_vocabulary.mixed_inputs import MixedInputs

WORDS = ["the", "film", "sea"]
NUMBERS = np.array([[0, 1, 2], [1, -1, -1]], "int32")


@pytest.fixture(scope="module")
def inputs(source, tokenizer):
    return MixedInputs(source.tokenizer, tokenizer, WORDS)


def pieces(source, tokenizer, ids):
    """Names of pieces; those of the student begin with `student `."""
    offset = source.tokenizer.vocabulary_size()
    return [
        source.tokenizer.id_to_token(int(number))
        if number < offset
        else f"student {tokenizer.id_to_token(int(number - offset))}"
        for number in ids
    ]


class Draws:
    """In place of a generator: gives what it was made of, one array after the other."""

    def __init__(self, *draws):
        self.draws = list(draws)

    def random(self, shape):
        return np.broadcast_to(np.array(self.draws.pop(0)), shape)


def test_a_word_is_cut_by_the_vocabulary_that_was_drawn(inputs, source, tokenizer):
    draws = Draws([[0.9, 0.1, 0.9], [0.9, 0.1, 0.1]], [[0.1] * 8, [0.9] * 8])
    rows, word_index = inputs(NUMBERS, 0.5, draws)
    names = [pieces(source, tokenizer, ids) for ids in rows["token_ids"]]
    first = ["student [CLS]", "the", "student f", "student ##ilm", "s", "##e", "##a"]
    assert names[0] == [*first, "student [SEP]"]
    assert names[1][:4] == ["[CLS]", "film", "[SEP]", "[PAD]"]
    assert word_index[0].tolist() == [-1, 0, 1, 1, 2, 2, 2, -1]
    assert rows["padding_mask"].sum(axis=1).tolist() == [8, 3]


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_one_vocabulary_alone(inputs, source, tokenizer, probability):
    rows, _ = inputs(NUMBERS, probability, np.random.default_rng(0))
    names = pieces(source, tokenizer, rows["token_ids"][0])
    one = [*source.tokenizer("the film sea")] if probability == 0 else [*tokenizer("the film sea")]
    expected = np.array(one) + (source.tokenizer.vocabulary_size() if probability else 0)
    assert rows["token_ids"][0, 1 : len(expected) + 1].tolist() == expected.tolist()
    assert names[0] == ("student [CLS]" if probability else "[CLS]")
    padding = rows["token_ids"][rows["padding_mask"] == 0]
    assert (padding == source.tokenizer.pad_token_id).all()


def test_the_share_of_words(inputs):
    numbers = np.ones((40, 50), "int32")
    rows, word_index = inputs(numbers, 0.3, np.random.default_rng(0))
    cut_in_two = sum((np.bincount(row[row >= 0]) == 2).sum() for row in word_index)
    assert cut_in_two / numbers.size == pytest.approx(0.3, abs=0.03)
