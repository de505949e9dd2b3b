"""Documents on the way to shards: the order of all of them, and their cut into sequences."""

import heapq
from typing import NamedTuple

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.hashing.splitting import split_words
from eelbert_tf.pretraining import corpus

SENTENCE_ENDS = frozenset(".!?。！？।")
SHORTEST = 4


class Place(NamedTuple):
    """Where a document stands among those of all sources; less comes first.

    `share` is what was read of its source before it, in characters over the source's size: sources
    take turns by their sizes.
    """

    share: float
    source: int
    document: int


def check_max_words(max_words):
    """Raise UserError where sequences could not be of the shortest length."""
    if max_words < SHORTEST:
        raise UserError(
            f"`max_words` must be at least {SHORTEST}. Received: max_words={max_words}."
        )


def source_sizes(sources):
    """The sizes that sources are weighed by; one that has none counts as the mean of the others.

    Raises:
        UserError: a file does not exist.
    """
    sizes = [corpus.size_of(source) for source in sources]
    known = [size for size in sizes if size] or [1]
    return [size or sum(known) / len(known) for size in sizes]


def placed_documents(number, source, size):
    """`(Place, paragraphs)` of the documents of one source, in order."""
    share = 0.0
    for index, document in enumerate(corpus.read_documents(source)):
        yield Place(share, number, index), document
        share += sum(map(len, document)) / size


def mixed_documents(sources):
    """The documents of all sources in the order of their places."""
    streams = [
        placed_documents(number, source, size)
        for number, (source, size) in enumerate(zip(sources, source_sizes(sources)))
    ]
    for _, document in heapq.merge(*streams):
        yield document


def cut_document(paragraphs, digest, max_words, seed):
    """Cut a document into sequences.

    Args:
        paragraphs: list of str.
        digest: its `document_digest`, which with `seed` decides on the lengths.
        max_words: int. Words of the longest sequence.
        seed: int.

    Returns:
        `(words, ends)`: the words of the document, and where its sequences end among them.
    """
    rng = np.random.default_rng([seed, int.from_bytes(digest, "big")])
    words, ends = [], []
    for paragraph in paragraphs:
        more = split_words(paragraph)
        ends += [len(words) + end for end in _cut(more, max_words, rng)]
        words += more
    return words, ends


def _cut(words, max_words, rng):
    """Where the sequences of a paragraph end."""
    start, ends = 0, []
    while start < len(words):
        longest = int(SHORTEST * (max_words / SHORTEST) ** rng.random() + 0.5)
        behind = min(start + longest, len(words))
        for place in range(start + longest // 2, behind):
            if words[place] in SENTENCE_ENDS:
                behind = place + 1
                break
        ends.append(behind)
        start = behind
    return ends


class ShardFilling:
    """Which document begins a new shard: the first, and each behind a shard that is full.

    Args:
        shard_words: int. Words from which on a shard is full.
    """

    def __init__(self, shard_words):
        self.shard_words, self.words = shard_words, None

    def begins(self, words):
        """Add the next document by the number of its words; whether it begins a shard."""
        begins = self.words is None or self.words >= self.shard_words
        self.words = words if begins else self.words + words
        return begins
