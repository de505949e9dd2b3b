"""From corpora to shards as an Apache Beam pipeline: on many machines, the same shards."""

import bisect
import collections
import functools
import json
import os
import pathlib

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsList, AsSingleton

from eelbert_tf.beam.run import parsed_options, run_pipeline
from eelbert_tf.files import replaced
from eelbert_tf.pretraining.distinct import document_digest
from eelbert_tf.pretraining.documents import (
    Place,
    ShardFilling,
    check_max_words,
    cut_document,
    placed_documents,
    source_sizes,
)
from eelbert_tf.pretraining.shard_files import write_manifest, write_shard, write_words
from eelbert_tf.pretraining.shards import MANIFEST_FILE, WORDS_FILE


def beam_prepare(
    sources,
    out,
    max_words=64,
    seed=0,
    shard_words=1_000_000,
    runner="DirectRunner",
    pipeline_options=(),
):
    """What `prepare` does, as a Beam pipeline; the files are the same to the byte.

    Each source is read by one worker; everything else is spread. Sources and `out` must be where
    all workers find them, such as on a shared disk. The words of the corpus, each once, and their
    counts must fit into the memory of a worker. So must, on `"DirectRunner"`, which shuffles in
    memory, the corpus.

    Args:
        sources, out, max_words, seed, shard_words: as `prepare` takes them.
        runner: str, the name of a Beam runner.
        pipeline_options: list of str, Beam's pipeline options.

    Returns:
        The manifest, a dict.

    Raises:
        UserError: as of `prepare`; or an option is not known.

    Example:

    ```python
    beam_prepare(["a.txt.xz", "b.txt.xz"], "shards", pipeline_options=["--direct_num_workers=2"])
    ```
    """
    check_max_words(max_words)
    options = parsed_options(runner, pipeline_options)
    sized = [
        (number, os.path.abspath(source) if os.path.exists(source) else source, size)
        for number, (source, size) in enumerate(zip(sources, source_sizes(sources)))
    ]
    with replaced(out) as directory:
        directory.mkdir()
        run_pipeline(
            lambda pipeline: _add_preparation(
                pipeline, sized, str(directory), max_words, seed, shard_words, sources
            ),
            runner,
            options,
        )
        return json.loads((directory / MANIFEST_FILE).read_text(encoding="utf-8"))


def _add_preparation(pipeline, sized, directory, max_words, seed, shard_words, sources):
    documents = (
        pipeline
        | "Sources" >> beam.Create(sized)
        | "Spread" >> beam.Reshuffle()
        | "Read" >> beam.FlatMapTuple(placed_documents)
        | "Digest" >> beam.MapTuple(lambda place, text: (document_digest(text), (place, text)))
    )
    distinct = documents | "First" >> beam.CombinePerKey(min)  # no two have the same place
    cut = distinct | "Cut" >> beam.Map(_cut, max_words, seed)
    words = (
        cut
        | "Words" >> beam.FlatMap(lambda document: collections.Counter(document[1]).items())
        | "Count" >> beam.CombinePerKey(sum)
        | "Table" >> beam.combiners.ToList()
        | "WriteWords" >> beam.Map(_write_words, directory)
    )
    starts = (
        cut
        | "Lengths" >> beam.Map(lambda document: (document[0], len(document[1])))
        | "Starts" >> beam.CombineGlobally(_ShardStarts(shard_words))
    )
    shards = (
        cut
        | "ShardOf" >> beam.FlatMap(_with_shard, AsSingleton(starts))
        | "OfShard" >> beam.GroupByKey()
        # The words are a side input for their file to be there.
        | "WriteShard" >> beam.Map(_write_shard, directory, AsSingleton(words))
    )
    _ = (
        pipeline
        | "Once" >> beam.Create([None])
        | "WriteManifest"
        >> beam.Map(
            _write_manifest,
            directory,
            (sources, max_words, seed),
            AsSingleton(documents | "AllDocuments" >> beam.combiners.Count.Globally()),
            AsSingleton(distinct | "Documents" >> beam.combiners.Count.Globally()),
            AsSingleton(words),
            AsList(shards),
        )
    )


def _cut(document, max_words, seed):
    digest, (place, text) = document
    return (tuple(place), *cut_document(text, digest, max_words, seed))


def _with_shard(document, starts):
    """The number of a document's shard with the document; nothing of one without words."""
    if document[1]:
        yield bisect.bisect_right(starts, document[0]) - 1, document


class _ShardStarts(beam.CombineFn):
    """The places of the documents that begin a shard, in order, from places and word counts."""

    _KIND = np.dtype(
        [*((name, "f8" if name == "share" else "i8") for name in Place._fields), ("words", "i8")]
    )

    def __init__(self, shard_words):
        self.shard_words = shard_words

    def create_accumulator(self):
        return []

    def add_input(self, parts, document):
        place, words = document
        if words:
            parts.append(np.array([(*place, words)], self._KIND))
        return self.compact(parts) if len(parts) > 1000 else parts

    def merge_accumulators(self, accumulators):
        return self.compact([part for parts in accumulators for part in parts])

    def compact(self, parts):
        return [np.concatenate(parts)] if parts else []

    def extract_output(self, parts):
        if not parts:
            return []
        documents = np.sort(np.concatenate(parts), order=list(Place._fields))
        filling = ShardFilling(self.shard_words)
        begins = [filling.begins(int(words)) for words in documents["words"]]
        return [tuple(row)[:-1] for row in documents[begins].tolist()]


def _write_words(counts, directory):
    return write_words(pathlib.Path(directory), counts)[0]


def _write_shard(shard, directory, words):
    number, documents = shard
    numbers = _numbers(directory, words["words_file"]["sha256"])
    running, ends = [], []
    for _, its_words, its_ends in sorted(documents):
        ends += [len(running) + end for end in its_ends]
        running += [numbers[word] for word in its_words]
    return write_shard(
        pathlib.Path(directory), number, np.array(running, "uint32"), np.array(ends, "uint32")
    )


@functools.lru_cache(maxsize=1)
def _numbers(directory, checksum):
    """The number of each word, of the file that was just written; one a process."""
    lines = pathlib.Path(directory, WORDS_FILE).read_text(encoding="utf-8").split("\n")[:-1]
    return {line.partition("\t")[0]: number for number, line in enumerate(lines)}


def _write_manifest(_, directory, settings, every, distinct, words, shards):
    write_manifest(
        pathlib.Path(directory),
        *settings,
        distinct,
        every - distinct,
        words,
        sorted(shards, key=lambda shard: shard["name"]),
    )
