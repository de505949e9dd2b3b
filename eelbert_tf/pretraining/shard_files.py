"""Writing the files of a directory of shards."""

import io
import json

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.hashing.specification import HASH_VERSION
from eelbert_tf.pretraining.shards import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    WORDS_FILE,
    write_file,
)


def write_words(directory, counts):
    """Number the words of a corpus by frequency, then by spelling, and write them.

    Args:
        directory: `pathlib.Path`.
        counts: iterable of (word, count).

    Returns:
        `(facts, words)`: what the manifest says of them, and the words in their order.
    """
    order = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    table = "".join(f"{word}\t{count}\n" for word, count in order).encode("utf-8")
    entry = write_file(directory, WORDS_FILE, table)
    facts = {"words": sum(count for _, count in order), "distinct_words": len(order)}
    return {**facts, "words_file": entry}, [word for word, _ in order]


def write_shard(directory, index, words, ends):
    """Write a shard; returns the manifest's entry.

    Args:
        directory: `pathlib.Path`.
        index: int.
        words: uint32 array, the number of each running word.
        ends: uint32 array, the place behind the last word of each sequence.
    """
    buffer = io.BytesIO()
    np.savez_compressed(buffer, words=words, ends=ends)
    return write_file(
        directory,
        f"shard-{index:05d}.npz",
        buffer.getvalue(),
        words=len(words),
        sequences=len(ends),
    )


def write_manifest(directory, sources, max_words, seed, documents, duplicates, words_facts, shards):
    """Write the manifest, which comes last.

    Args:
        directory: `pathlib.Path`.
        sources, max_words, seed: what `prepare` was given.
        documents, duplicates: int. Documents that are in the shards, and those that equal one.
        words_facts: dict, what `write_words` returned.
        shards: list of dicts, what `write_shard` returned.

    Returns:
        The manifest, a dict.

    Raises:
        UserError: there are no shards.
    """
    if not shards:
        raise UserError(f"The corpus must hold words. Received: none in {', '.join(sources)}.")
    manifest = {
        "format_version": FORMAT_VERSION,
        "hash_version": HASH_VERSION,
        "sources": [{"name": str(source).rsplit("/", 1)[-1]} for source in sources],
        "max_words": max_words,
        "seed": seed,
        "documents": documents,
        "duplicates": duplicates,
        **words_facts,
        "shards": shards,
    }
    text = json.dumps(manifest, indent=1) + "\n"
    (directory / MANIFEST_FILE).write_text(text, encoding="utf-8")
    return manifest
