"""The pipeline: read chunks of rows, score them, write their parts, join the parts of a shard."""

import json

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.ml.inference.base import RunInference

from eelbert_tf.scoring import outputs, storage
from eelbert_tf.scoring.chunks import read_chunks
from eelbert_tf.scoring.plan import Shard, part_name, rows_of_part
from eelbert_tf.scoring.predictor_handler import PredictorHandler

KEPT = "kept"


def add_scoring(pipeline, shards, plan):
    """Score shards in a Beam pipeline.

    Between reading a chunk and writing its part nothing is shuffled, so that a worker holds one
    chunk at a time. A part is named by its content's place, so a second try at a bundle writes the
    same file again, and a run that goes on finds the parts of the one before.

    Args:
        pipeline: `apache_beam.Pipeline`.
        shards: list of `Shard`, those to score.
        plan: `Plan`.

    Returns:
        A PCollection of the manifests.
    """
    chunks = (
        pipeline
        | "Shards" >> beam.Create(shards)
        | "Spread" >> beam.Reshuffle()
        | "Read" >> beam.ParDo(_Read(plan)).with_outputs(KEPT, main="new")
    )
    written = (
        chunks.new
        | "Score" >> RunInference(PredictorHandler(plan))
        | "Write" >> beam.ParDo(_Write(plan))
    )
    return (
        (written, chunks[KEPT])
        | "Parts" >> beam.Flatten()
        | "OfShard" >> beam.GroupByKey()
        | "Join" >> beam.ParDo(_Join(plan))
    )


class _Read(beam.DoFn):
    """The chunks of a shard that have no part yet; of the others, (shard, part) to `KEPT`."""

    def __init__(self, plan):
        self.plan = plan

    def process(self, shard):
        read, bad = (Metrics.counter("eelbert", name) for name in ("rows_read", "rows_bad"))
        kept = None
        for chunk in read_chunks(shard, self.plan):
            read.inc(len(chunk.texts) + len(chunk.bad))
            bad.inc(len(chunk.bad))
            path = self.plan.part_path(shard, chunk)
            if kept is None:
                directory = path.removesuffix(part_name(chunk))
                kept = {file.path for file in storage.matching(f"{directory}*")}
            if path in kept:
                yield beam.pvalue.TaggedOutput(KEPT, (tuple(shard), path))
            else:
                yield chunk


class _Write(beam.DoFn):
    """Writes a scored chunk; gives (shard, part)."""

    def __init__(self, plan):
        self.plan = plan

    def process(self, scored):
        chunk = scored.chunk
        path = self.plan.part_path(chunk.shard, chunk)
        if chunk.bad:
            with storage.whole(f"{path}.bad") as file:
                outputs.write_json_lines(chunk.bad, file)
        with storage.whole(path) as file:
            outputs.write_part(scored.columns, self.plan.output_format, file)
        Metrics.counter("eelbert", "rows_scored").inc(len(chunk.texts))
        yield tuple(chunk.shard), path


class _Join(beam.DoFn):
    """Makes the outputs of a shard of its parts, the manifest last; gives the manifest."""

    def __init__(self, plan):
        self.plan = plan

    def process(self, group):
        shard, paths = Shard(*group[0]), group[1]
        # A bundle that was tried twice may have given a path twice.
        paths = sorted(set(paths))
        counts = [rows_of_part(path) for path in paths]
        bad = [f"{path}.bad" for path, (_, number) in zip(paths, counts) if number]
        if bad:
            outputs.join(bad, "jsonl", self.plan.dead_letter_path(shard.number))
        size = outputs.join(paths, self.plan.output_format, self.plan.output_path(shard.number))
        manifest = {
            "input": shard.path,
            "size": shard.size,
            "modified": shard.modified,
            "rows": sum(rows for rows, _ in counts),
            "bad_rows": sum(number for _, number in counts),
            "output_bytes": size,
        }
        content = json.dumps(manifest, indent=1) + "\n"
        storage.write_bytes(self.plan.manifest_path(shard.number), content.encode("utf-8"))
        storage.remove(paths[0].rsplit("/", 1)[0])
        yield manifest
