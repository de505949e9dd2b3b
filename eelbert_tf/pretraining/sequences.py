"""Batches of sequences from shards, in an order that follows from a seed and a step alone."""

import collections

import numpy as np

# Sequences are padded to the least of these that holds them, so that few shapes occur.
LENGTHS = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
# Where each shape is compiled by itself, and padding costs less than compiling.
FEW_LENGTHS = (16, 32, 64, 128, 256, 512)

# `numbers`: int32 `(batch, length)`, the words, -1 behind the last; `shard`: int; `starts`: int64
# `(batch,)`, where each sequence begins in its shard; `rows`: which sequence of its shard it is.
Batch = collections.namedtuple("Batch", ["numbers", "shard", "starts", "rows"])


class SequenceBatches:
    """All sequences once an epoch, those of like length together.

    Args:
        shards: `Shards`.
        tokens: int. Places of a batch, two special tokens a sequence and padding included.
        seed: int.
        indices: list of int, the shards to read; all unless given.
        lengths: tuple of int, `LENGTHS` or `FEW_LENGTHS`.

    Example:

    ```python
    batches = SequenceBatches(Shards("shards"), tokens=8192, seed=0)
    for step, batch in zip(range(100, 200), batches.from_step(100)):
        ...
    ```
    """

    def __init__(self, shards, tokens=8192, seed=0, indices=None, lengths=LENGTHS):
        self.shards, self.tokens, self.seed = shards, tokens, seed
        self.indices = list(range(len(shards))) if indices is None else list(indices)
        self.lengths, self._counts = lengths, {}

    def steps_of_epoch(self):
        """Batches of one epoch."""
        return sum(self._count(index) for index in self.indices)

    def from_step(self, step):
        """Batches without end, from the one with number `step` on."""
        epoch, step = divmod(step, self.steps_of_epoch())
        while True:
            for index in np.random.default_rng([self.seed, epoch]).permutation(self.indices):
                if step >= self._count(index):
                    step -= self._count(index)
                    continue
                yield from self._of_shard(int(index), epoch, step)
                step = 0
            epoch += 1

    def _count(self, index):
        if index not in self._counts:
            _, ends = self.shards.load(index)
            bucket = np.searchsorted(self.lengths, np.diff(ends, prepend=0))
            self._counts[index] = sum(
                -(-int((bucket == b).sum()) // self.rows_of(length))
                for b, length in enumerate(self.lengths)
            )
        return self._counts[index]

    def rows_of(self, length):
        """Rows of a full batch of sequences of so many words."""
        return max(1, self.tokens // (length + 2))

    def _of_shard(self, index, epoch, first):
        words, ends = self.shards.load(index)
        words = words.astype("int32")
        starts = np.concatenate([[0], ends[:-1]]).astype("int64")
        lengths = ends - starts
        bucket = np.searchsorted(self.lengths, lengths)
        rng = np.random.default_rng([self.seed, epoch, index])
        order = rng.permutation(len(ends))
        chunks = []
        for number, length in enumerate(self.lengths):
            rows, size = order[bucket[order] == number], self.rows_of(length)
            chunks += [(number, rows[i : i + size]) for i in range(0, len(rows), size)]
        for place in rng.permutation(len(chunks))[first:]:
            number, rows = chunks[place]
            places = np.arange(self.lengths[number])
            inside = places < lengths[rows][:, None]
            index_of = np.where(inside, starts[rows][:, None] + places, 0)
            numbers = np.where(inside, words[index_of], -1)
            yield Batch(numbers, index, starts[rows], rows)


class PackedBatches(SequenceBatches):
    """All words once an epoch, in rows of as many: neighbouring sequences share a row.

    No place is padding, as in RoBERTa's full sentences (arXiv 1907.11692). A row may reach from one
    document into the next; the last words of a shard, too few for a row, are left out.

    Args:
        shards: `Shards`.
        tokens: int. Places of a batch, two special tokens a row included.
        seed: int.
        indices: list of int, the shards to read; all unless given.
        row_words: int. Words of a row.
    """

    def __init__(self, shards, tokens=8192, seed=0, indices=None, row_words=126):
        super().__init__(shards, tokens, seed, indices)
        self.row_words, self.rows = row_words, self.rows_of(row_words)

    def _count(self, index):
        rows = self.shards.manifest["shards"][index]["words"] // self.row_words
        return -(-rows // self.rows)

    def _of_shard(self, index, epoch, first):
        words, _ = self.shards.load(index)
        count = len(words) // self.row_words
        table = words[: count * self.row_words].reshape(count, self.row_words).astype("int32")
        order = np.random.default_rng([self.seed, epoch, index]).permutation(count)
        for start in range(first * self.rows, count, self.rows):
            rows = order[start : start + self.rows]
            yield Batch(table[rows], index, rows.astype("int64") * self.row_words, rows)
