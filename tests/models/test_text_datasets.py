"""Tests of the pipelines: batches, their order, and typing errors while training."""

import gc
import weakref

import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.models.text_datasets import from_arrays, preprocessed, with_positional_inputs
from tests import toy

TEXTS = np.array([b"x" * (number % 17) for number in range(150)], dtype=object)
NUMBERS = np.arange(150)


def epoch(dataset):
    return [numbers.numpy().tolist() for _, numbers in dataset]


def rows(batches):
    return [number for batch in batches for number in batch]


def test_unshuffled_batches_keep_the_order():
    batches = epoch(from_arrays(TEXTS, None, NUMBERS, None, 32))
    assert rows(batches) == list(range(150))
    assert [len(batch) for batch in batches] == [32, 32, 32, 32, 22]


def test_each_epoch_shuffles_anew_and_sees_all_rows_once():
    dataset = from_arrays(TEXTS, None, NUMBERS, None, 4, shuffle_seed=5)
    first, second = epoch(dataset), epoch(dataset)
    assert first != second
    assert sorted(rows(first)) == sorted(rows(second)) == list(range(150))
    assert len(first) == len(dataset) == 38


def test_the_order_follows_the_seed():
    def order(seed):
        dataset = from_arrays(TEXTS, None, NUMBERS, None, 4, shuffle_seed=seed)
        return [epoch(dataset), epoch(dataset)]

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_texts_of_like_length_share_a_batch_and_keep_their_labels_and_weights():
    pairs = TEXTS[::-1].copy()
    dataset = from_arrays(TEXTS, pairs, NUMBERS, NUMBERS / 2, 10, shuffle_seed=0)
    spread = []
    for (texts, seconds), numbers, weights in dataset:
        assert texts.numpy().tolist() == TEXTS[numbers].tolist()
        assert seconds.numpy().tolist() == pairs[numbers].tolist()
        assert weights.numpy().tolist() == (NUMBERS[numbers] / 2).tolist()
        spread.append(np.ptp(tf.strings.length(texts).numpy() + tf.strings.length(seconds).numpy()))
    assert np.mean(spread) <= 4  # of 0 to 32, random batches have about 25


def word_vectors(preprocessor, training, epochs=1):
    dataset = from_arrays(np.array([text.encode() for text in toy.TEXTS]), None, None, None, 24)
    dataset = preprocessed(dataset, preprocessor, training)
    return [next(iter(dataset))["word_vectors"].numpy() for _ in range(epochs)]


def test_typing_errors_are_made_in_training_only_and_follow_the_seed():
    [clean] = word_vectors(toy.preprocessor(), training=True)
    noisy = toy.preprocessor(distortion_rate=0.3, seed=1)
    assert np.array_equal(word_vectors(noisy, training=False)[0], clean)
    first, second = word_vectors(noisy, training=True, epochs=2)
    assert not np.array_equal(first, clean)
    assert not np.array_equal(first, second)
    again = word_vectors(toy.preprocessor(distortion_rate=0.3, seed=1), training=True, epochs=2)
    assert np.array_equal(again[0], first)
    assert np.array_equal(again[1], second)
    [other] = word_vectors(toy.preprocessor(distortion_rate=0.3, seed=2), training=True)
    assert not np.array_equal(other, first)


def test_settings_that_change_later_count():
    preprocessor = toy.preprocessor()
    assert word_vectors(preprocessor, training=False)[0].shape == (24, 5, 12)
    preprocessor.max_words = 2
    assert word_vectors(preprocessor, training=False)[0].shape == (24, 4, 12)


def test_pipelines_keep_no_preprocessor_alive():
    preprocessor = toy.preprocessor()
    reference = weakref.ref(preprocessor)
    word_vectors(preprocessor, training=False)
    del preprocessor
    gc.collect()
    assert reference() is None


def dataset(*elements):
    return tf.data.Dataset.from_tensor_slices(elements)


def test_elements_by_name_become_positional():
    elements = {"text": ["a", "b"], "text_pair": ["c", "d"], "number": [1, 2]}
    [(x, y)] = with_positional_inputs(dataset(elements, [0, 1]).batch(2))
    assert [part.numpy().tolist() for part in x] == [[b"a", b"b"], [b"c", b"d"]]
    assert y.numpy().tolist() == [0, 1]


@pytest.mark.parametrize(
    "wrong, message",
    [
        (dataset(["a", "b"], [0, 1]), "must be batched"),
        (dataset({"txt": ["a"]}, [0]).batch(1), "Received: txt."),
        (dataset(["a", "b"], ["good", "bad"]).batch(2), "must be numbers. Received: strings."),
    ],
)
def test_datasets_that_cannot_be_used(wrong, message):
    with pytest.raises(UserError, match=message):
        with_positional_inputs(wrong)
