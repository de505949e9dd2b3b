"""From corpora to shards: once, as a stream, in bounded memory."""

import tempfile

import numpy as np

from eelbert_tf.files import replaced
from eelbert_tf.pretraining.distinct import DistinctDigests, document_digest
from eelbert_tf.pretraining.documents import (
    ShardFilling,
    check_max_words,
    cut_document,
    mixed_documents,
)
from eelbert_tf.pretraining.shard_files import write_manifest, write_shard, write_words


def prepare(sources, out, max_words=64, seed=0, shard_words=1_000_000, progress=None):
    """Cut corpora into shards of numbered words.

    Documents of all sources are mixed in proportion to the files' sizes. Of documents that are
    equal in all paragraphs the first is kept. A paragraph is cut into sequences of a length that is
    drawn anew for each, log-uniform from 4 to `max_words`; a sequence ends earlier where a sentence
    does, if it is half as long as drawn. No word is lost.

    `beam_prepare` makes the same shards on many machines.

    Args:
        sources: list of str; see `corpus.read_documents`.
        out: path of the directory to write.
        max_words: int, at least 4. Words of the longest sequence.
        seed: int. Of the cutting.
        shard_words: int. Words of a shard, but for the last.
        progress: function of the words so far, or None.

    Returns:
        The manifest, a dict.

    Raises:
        UserError: `out` exists, a source cannot be read, or there are no words in them.

    Example:

    ```python
    prepare(["corpus.txt.xz"], "shards")
    ```
    """
    check_max_words(max_words)
    with (
        replaced(out) as directory,
        tempfile.TemporaryFile(dir=directory.parent) as running,
        DistinctDigests() as distinct,
    ):
        directory.mkdir()
        numbers, counts, shapes, documents, duplicates = {}, [], [], 0, 0
        shard, ends, filling = [], [], ShardFilling(shard_words)
        for document in mixed_documents(sources):
            digest = document_digest(document)
            if not distinct.add(digest):
                duplicates += 1
                continue
            documents += 1
            words, its_ends = cut_document(document, digest, max_words, seed)
            if not words:
                continue
            if filling.begins(len(words)) and shard:
                shapes.append(_keep(running, shard, ends))
                shard, ends = [], []
                if progress:
                    progress(sum(words for words, _ in shapes))
            ends += [len(shard) + end for end in its_ends]
            for word in words:
                number = numbers.setdefault(word, len(numbers))
                if number == len(counts):
                    counts.append(0)
                counts[number] += 1
                shard.append(number)
        if shard:
            shapes.append(_keep(running, shard, ends))
        words = list(numbers)
        words_file, order = write_words(directory, zip(words, counts))
        final = {word: number for number, word in enumerate(order)}
        return write_manifest(
            directory,
            sources,
            max_words,
            seed,
            documents,
            duplicates,
            words_file,
            _shards(directory, running, shapes, np.array([final[w] for w in words], "uint32")),
        )


def _keep(running, shard, ends):
    """Add a shard to the running file of provisional numbers; returns its two lengths."""
    running.write(np.array(shard, "uint32").tobytes())
    running.write(np.array(ends, "uint32").tobytes())
    return len(shard), len(ends)


def _shards(directory, running, shapes, final):
    """Write the shards of the running file with their final numbers."""
    running.seek(0)
    entries = []
    for index, (length, sequences) in enumerate(shapes):
        provisional = np.frombuffer(running.read(4 * length), "uint32")
        ends = np.frombuffer(running.read(4 * sequences), "uint32")
        entries.append(write_shard(directory, index, final[provisional], ends))
    return entries
