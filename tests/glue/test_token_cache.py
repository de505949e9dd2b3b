"""Tests of the cache of tokens and the order of batches."""

import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.glue.batch_order import scoring_batches, training_batches
from eelbert_tf.glue.token_cache import TokenCache
from tests import toy

TEXTS = [*toy.TEXTS, *toy.ODD_TEXTS]


class Extended:
    """A preprocessor with inputs of its own: whole numbers, one and three a token."""

    def __call__(self, x):
        inputs = toy.preprocessor()(x)
        length = tf.reduce_sum(tf.cast(inputs["padding_mask"], tf.int32), axis=1)
        place = tf.where(inputs["padding_mask"], tf.range(tf.reduce_max(length)) + 1, 0)
        return {**inputs, "place": place, "codes": tf.stack([place, 2 * place, 3 * place], -1)}


def rebuilt(cache, rows, indices):
    """The inputs that a batch of the cache stands for."""
    batch, lengths = rows.batch(indices)
    tables = cache.tables()
    inputs = {name: tables[name][v] if name in tables else v for name, v in batch.items()}
    longest = max(lengths.max(), 1)
    return {**inputs, "padding_mask": np.arange(longest) < lengths[:, None]}


@pytest.mark.parametrize("pair", [False, True])
@pytest.mark.parametrize("preprocessor", [toy.preprocessor(), Extended()])
def test_batches_are_what_the_preprocessor_gives(pair, preprocessor):
    pairs = TEXTS[::-1] if pair else None
    cache = TokenCache(preprocessor)
    rows = cache.encode(TEXTS, pairs)
    assert len(rows) == len(TEXTS)
    for indices in ([0], [3, 1, 2], list(range(len(TEXTS)))):
        x = tf.constant([TEXTS[index] for index in indices])
        if pair:
            x = (x, tf.constant([pairs[index] for index in indices]))
        expected = preprocessor(x)
        found = rebuilt(cache, rows, np.array(indices))
        assert found.keys() == expected.keys()
        for name, values in expected.items():
            np.testing.assert_array_equal(found[name], values)


def test_vectors_are_kept_once():
    cache = TokenCache(toy.preprocessor())
    rows = cache.encode(["a film"] * 600)
    more = cache.encode(["a film", "a book"])
    table = cache.tables()["word_vectors"]
    assert table.shape == (6, 12)  # padding, [CLS], [SEP], three words
    assert not table[0].any()
    first = rows.batch(np.array([599]))[0]["word_vectors"]
    np.testing.assert_array_equal(first, more.batch(np.array([0]))[0]["word_vectors"])


def test_some_rows():
    rows = TokenCache(Extended()).encode(TEXTS)
    some = rows.take(np.array([9, 2, 25]))
    batch, lengths = rows.batch(np.array([9, 2, 25]))
    taken, taken_lengths = some.batch(np.arange(3))
    np.testing.assert_array_equal(lengths, taken_lengths)
    for name, values in batch.items():
        np.testing.assert_array_equal(values, taken[name])


def test_each_row_comes_once_an_epoch_beside_rows_of_like_length():
    lengths = np.random.default_rng(0).integers(3, 40, 1001)
    batches = training_batches(lengths, 8, np.random.default_rng(1))
    assert sorted(np.concatenate(batches)) == list(range(1001))
    assert {len(batch) for batch in batches} == {8, 1}
    padded = sum(lengths[batch].max() * len(batch) for batch in batches)
    assert padded < 1.2 * lengths.sum()
    again = training_batches(lengths, 8, np.random.default_rng(1))
    assert all(map(np.array_equal, batches, again))
    other = training_batches(lengths, 8, np.random.default_rng(2))
    assert not np.array_equal(batches[0], other[0])
    mean = [lengths[batch].mean() for batch in batches]
    assert abs(np.corrcoef(mean, np.arange(len(mean)))[0, 1]) < 0.2  # in no order


def test_scoring_takes_all_rows():
    batches = scoring_batches(np.array([5, 3, 4]), batch_size=2)
    assert [batch.tolist() for batch in batches] == [[1, 2], [0]]
