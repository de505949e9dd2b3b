"""From corpora to shards: once, as a stream, in bounded memory."""

import io
import json
import tempfile

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.files import replaced
from eelbert_tf.hashing.specification import HASH_VERSION
from eelbert_tf.hashing.splitting import split_words
from eelbert_tf.pretraining import corpus
from eelbert_tf.pretraining.shards import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    WORDS_FILE,
    write_file,
)

SENTENCE_ENDS = frozenset(".!?。！？।")
SHORTEST = 4


def prepare(sources, out, max_words=64, seed=0, shard_words=1_000_000, progress=None):
    """Cut corpora into shards of numbered words.

    Documents of all sources are mixed in proportion to the files' sizes. A paragraph is cut into
    sequences of a length that is drawn anew for each, log-uniform from 4 to `max_words`; a
    sequence ends earlier where a sentence does, if it is half as long as drawn. No word is lost.

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
    if max_words < SHORTEST:
        raise UserError(
            f"`max_words` must be at least {SHORTEST}. Received: max_words={max_words}."
        )
    rng = np.random.default_rng(seed)
    with replaced(out) as directory, tempfile.TemporaryFile(dir=directory.parent) as running:
        directory.mkdir()
        numbers, counts, shapes, documents = {}, [], [], 0
        shard, ends = [], []
        for document in _mixed(sources):
            documents += 1
            for paragraph in document:
                words = split_words(paragraph)
                ends += [len(shard) + end for end in _cut(words, max_words, rng)]
                for word in words:
                    number = numbers.setdefault(word, len(numbers))
                    if number == len(counts):
                        counts.append(0)
                    counts[number] += 1
                    shard.append(number)
            if len(shard) >= shard_words:
                shapes.append(_keep(running, shard, ends))
                shard, ends = [], []
                if progress:
                    progress(sum(words for words, _ in shapes))
        if shard:
            shapes.append(_keep(running, shard, ends))
        if not shapes:
            raise UserError(f"The corpus must hold words. Received: none in {', '.join(sources)}.")
        return _write(
            directory,
            running,
            numbers,
            np.array(counts),
            shapes,
            documents,
            {
                "sources": [{"name": str(s).rsplit("/", 1)[-1]} for s in sources],
                "max_words": max_words,
                "seed": seed,
            },
        )


def _mixed(sources):
    """Documents of all sources, next always of the one that lags behind for its size."""
    streams = [corpus.read_documents(source) for source in sources]
    sizes = [corpus.size_of(source) for source in sources]
    known = [size for size in sizes if size] or [1]
    sizes = [size or sum(known) / len(known) for size in sizes]
    read = [0.0] * len(streams)
    while streams:
        index = read.index(min(read))
        document = next(streams[index], None)
        if document is None:
            del streams[index], sizes[index], read[index]
        else:
            read[index] += sum(map(len, document)) / sizes[index]
            yield document


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


def _keep(running, shard, ends):
    """Add a shard to the running file of provisional numbers; returns its two lengths."""
    running.write(np.array(shard, "uint32").tobytes())
    running.write(np.array(ends, "uint32").tobytes())
    return len(shard), len(ends)


def _write(directory, running, numbers, counts, shapes, documents, facts):
    """Number words by frequency, then by spelling, and write all files."""
    words = list(numbers)
    order = sorted(range(len(words)), key=lambda number: (-counts[number], words[number]))
    final = np.empty(len(order), "uint32")
    final[order] = np.arange(len(order), dtype="uint32")
    running.seek(0)
    shards = []
    for index, (length, sequences) in enumerate(shapes):
        provisional = np.frombuffer(running.read(4 * length), "uint32")
        buffer = io.BytesIO()
        ends = np.frombuffer(running.read(4 * sequences), "uint32")
        np.savez_compressed(buffer, words=final[provisional], ends=ends)
        name = f"shard-{index:05d}.npz"
        shards.append(
            write_file(directory, name, buffer.getvalue(), words=length, sequences=sequences)
        )
    table = "".join(f"{words[number]}\t{counts[number]}\n" for number in order)
    manifest = {
        "format_version": FORMAT_VERSION,
        "hash_version": HASH_VERSION,
        **facts,
        "documents": documents,
        "words": int(counts.sum()),
        "distinct_words": len(words),
        "words_file": write_file(directory, WORDS_FILE, table.encode("utf-8")),
        "shards": shards,
    }
    text = json.dumps(manifest, indent=1) + "\n"
    (directory / MANIFEST_FILE).write_text(text, encoding="utf-8")
    return manifest
