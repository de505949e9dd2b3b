"""`score`: files of texts to files of labels, on any runner of Apache Beam."""

import dataclasses
import os

from eelbert_tf.beam.run import parsed_options, run_pipeline
from eelbert_tf.errors import UserError
from eelbert_tf.runtimes.load import model_part, read_command
from eelbert_tf.scoring import storage
from eelbert_tf.scoring.chunks import found_columns
from eelbert_tf.scoring.pipeline import add_scoring
from eelbert_tf.scoring.plan import Plan, Shard, begin, is_whole, read_manifest
from eelbert_tf.scoring.progress import reported_progress
from eelbert_tf.scoring.tables import format_of


@dataclasses.dataclass(frozen=True)
class Summary:
    """What is at the output in the end: rows that were scored, bad rows, input files."""

    rows: int
    bad_rows: int
    shards: int


def score(
    model,
    inputs,
    output,
    *,
    runner="DirectRunner",
    pipeline_options=(),
    input_format=None,
    output_format="jsonl",
    text_column=None,
    text_pair_column=None,
    id_column=None,
    all_probabilities=False,
    chunk_rows=2048,
    report=None,
):
    """Score all rows of files, one output file for each.

    Of `output="out/part"` and eight input files, `out/part-00000-of-00008.jsonl` holds a row for
    each sound row of the first, in its order: `id`, then `label` and `probability`; or `labels` and
    `probabilities` of a model of several labels; or `score` of a regression. Rows that cannot be
    read are in `out/part.dead_letter-00000-of-00008.jsonl`, with `file`, `row` (from 1), `offset`
    (bytes before it in the uncompressed file; of Parquet and TFRecord, rows before it), `reason`
    and `raw`. `out/part.manifest-00000-of-00008.json` counts both; it is written last. The same
    call goes on where an earlier one was stopped, and scores files anew that changed since.

    Args:
        model: path of a model directory, or the name of a shipped model. Workers load it there.
        inputs: list of str, paths or patterns of Beam's file systems: `.txt` (a text a line),
            `.jsonl`, `.csv`, `.tsv`, `.parquet`, `.tfrecord` (`tf.train.Example`); all but Parquet
            also `.gz`, the text formats also `.xz`.
        output: str, what all output paths begin with.
        runner: str, the name of a Beam runner. `"DirectRunner"` runs in this process, or in
            processes of this machine with the option `--direct_num_workers=N`.
        pipeline_options: list of str, Beam's pipeline options.
        input_format: str or None. `text`, `jsonl`, `csv`, `tsv`, `parquet` or `tfrecord`, where
            files' endings do not tell.
        output_format: str. `jsonl`, `parquet` or `tfrecord`.
        text_column, text_pair_column: str or None; found as `read_examples` finds them.
        id_column: str or None. The column `id` where there is one, else ids are `PATH:ROW`.
        all_probabilities: bool. Whether rows hold the probabilities of all labels.
        chunk_rows: int. Rows that are in memory at a time, of each worker.
        report: function of rows so far and seconds, called every ten seconds; or None.

    Returns:
        `Summary`.

    Raises:
        UserError: no file matches, a file cannot be read or lacks a column, there is no such
            model, something else is at the output, it cannot be written.

    Example:

    ```python
    score("my_model", ["texts-*.jsonl.gz"], "out/part", pipeline_options=["--direct_num_workers=2"])
    ```
    """
    if chunk_rows < 1:
        raise UserError(f"`chunk_rows` must be at least 1. Received: chunk_rows={chunk_rows}.")
    output = os.fspath(output)
    if set(output) & set("*?["):
        raise UserError(f"`output` must be no pattern (`*`, `?`, `[`). Received: {output}.")
    options = parsed_options(runner, pipeline_options)
    files = model_part(model, "keras")
    shards = _shards(inputs, input_format)
    plan = Plan(
        model=os.fspath(model),
        pair=read_command(model).get("pair", False),
        output=output,
        input_format=input_format,
        output_format=output_format,
        columns=(text_column, text_pair_column, id_column),
        all_probabilities=all_probabilities,
        shard_count=len(shards),
        chunk_rows=chunk_rows,
    )
    plan = dataclasses.replace(plan, columns=found_columns(shards, plan))
    begin(plan, shards, files)
    missing = [shard for shard in shards if not is_whole(plan, shard)]
    if missing:
        storage.make_directory(plan.parts)
        with reported_progress(plan, report):
            run_pipeline(lambda pipeline: add_scoring(pipeline, missing, plan), runner, options)
    storage.remove(plan.parts)
    manifests = [read_manifest(plan, shard.number) for shard in shards]
    return Summary(
        sum(manifest["rows"] for manifest in manifests),
        sum(manifest["bad_rows"] for manifest in manifests),
        len(shards),
    )


def _shards(patterns, input_format):
    files = {}
    for pattern in patterns:
        found = storage.matching(pattern)
        if not found:
            raise UserError(f"No file matches {pattern}. Check the path; quote a pattern.")
        files.update({file.path: file for file in found})
    if input_format is None:
        for path in files:
            format_of(path)
    return [
        Shard(number, file.path, file.size_in_bytes, int(file.last_updated_in_seconds))
        for number, file in enumerate(files.values())
    ]
