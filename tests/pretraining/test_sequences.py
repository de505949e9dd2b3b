"""The order of batches: all of an epoch, and the same for the same step."""

import itertools

import numpy as np

from eelbert_tf.pretraining.sequences import LENGTHS, PackedBatches, SequenceBatches


def test_an_epoch_holds_every_sequence_once(shards):
    batches = SequenceBatches(shards, tokens=100, seed=3)
    epoch = list(itertools.islice(batches.from_step(0), batches.steps_of_epoch()))
    seen = sorted((batch.shard, row) for batch in epoch for row in batch.rows)
    expected = [(i, row) for i in range(len(shards)) for row in range(len(shards.load(i)[1]))]
    assert seen == expected
    for batch in epoch:
        running, ends = shards.load(batch.shard)
        assert batch.numbers.shape[1] in LENGTHS
        assert (batch.numbers.shape[1] + 2) * len(batch.numbers) <= 100
        for numbers, start, row in zip(batch.numbers, batch.starts, batch.rows):
            assert np.array_equal(numbers[numbers >= 0], running[start : ends[row]])


def test_going_on_gives_the_same_batches(shards):
    def batches(step, count):
        reader = SequenceBatches(shards, tokens=100, seed=3)
        return [b.numbers.tolist() for b in itertools.islice(reader.from_step(step), count)]

    steps = SequenceBatches(shards, tokens=100).steps_of_epoch()
    whole = batches(0, 2 * steps)
    for step in (1, steps - 1, steps, steps + 3):
        assert batches(step, 4) == whole[step : step + 4]
    assert whole[:steps] != whole[steps:]


def test_some_shards_alone(shards):
    reader = SequenceBatches(shards, tokens=100, indices=[1])
    batches = itertools.islice(reader.from_step(0), reader.steps_of_epoch() + 1)
    assert {batch.shard for batch in batches} == {1}


def test_packed_rows_hold_the_words_in_their_order(shards):
    batches = PackedBatches(shards, tokens=100, seed=3, row_words=18)
    epoch = list(itertools.islice(batches.from_step(0), batches.steps_of_epoch()))
    rows = {}
    for batch in epoch:
        assert batch.numbers.shape[1] == 18 and len(batch.numbers) <= 5
        for numbers, start in zip(batch.numbers, batch.starts):
            rows[batch.shard, int(start)] = numbers
    for index in range(len(shards)):
        running, _ = shards.load(index)
        whole = [rows[index, start] for start in range(0, len(running) - 17, 18)]
        np.testing.assert_array_equal(np.concatenate(whole), running[: 18 * len(whole)])
    assert len(rows) == sum(len(shards.load(i)[0]) // 18 for i in range(len(shards)))
    again = itertools.islice(batches.from_step(batches.steps_of_epoch() - 1), 1)
    np.testing.assert_array_equal(next(again).numbers, epoch[-1].numbers)
