"""`eelbert pretrain`."""

import json
import pathlib
import sys
import time

from eelbert_tf.cli.flags import add_steps_per_execution
from eelbert_tf.cli.progress import print_progress
from eelbert_tf.cli.quiet import import_tensorflow
from eelbert_tf.cli.strategy import (
    add_strategy,
    is_worker,
    launch_workers,
    open_replicas,
    run_directory,
)
from eelbert_tf.distribution.strategies import BACKENDS


def add_parser(commands):
    """Add the command's parser."""
    parser = commands.add_parser(
        "pretrain",
        help="pretrain an encoder on plain text",
        description="Pretrain an encoder on plain text. The corpus is prepared once, and a run "
        "that was stopped goes on: give the same command again.",
    )
    parser.add_argument(
        "corpus",
        nargs="+",
        metavar="CORPUS",
        help="text files (.txt, .gz, .xz; a blank line ends a document), the name of a TensorFlow "
        "dataset such as wikipedia/20230601.en, or one directory of prepared shards",
    )
    parser.add_argument("--preset", default="eelbert_uno", help="default: %(default)s")
    parser.add_argument("--out", required=True, metavar="DIR", help="where the preset goes")
    parser.add_argument("--shards", metavar="DIR", help="where shards go (default: OUT.shards)")
    parser.add_argument(
        "--runner",
        metavar="NAME",
        help="prepare the corpus by Apache Beam, on this runner, such as DirectRunner; options "
        "that are not listed here are then Beam's",
    )
    parser.add_argument("--prepare-only", action="store_true", help="write shards, do not train")
    parser.add_argument(
        "--objective",
        action="append",
        metavar="NAME",
        help="masked_lm, discrimination, distillation or sentence_distillation; several are "
        "learnt together (default: masked_lm)",
    )
    parser.add_argument("--teacher", metavar="DIR", help="a BERT to learn from")
    parser.add_argument(
        "--teacher-shards", type=int, metavar="N", help="let it read the first N shards only"
    )
    parser.add_argument(
        "--targets", metavar="DIR", help="where the teacher's answers go (default: SHARDS.targets)"
    )
    parser.add_argument(
        "--imitation-steps",
        type=int,
        default=0,
        help="batches of words by which the embeddings imitate the teacher's first "
        "(default: %(default)s; 2000 take a minute or two)",
    )
    parser.add_argument(
        "--warm-start", metavar="DIR", help="a trained BERT of the same shape, to begin with"
    )
    parser.add_argument("--epochs", type=float, default=1.0, help="default: %(default)s")
    parser.add_argument(
        "--batch-tokens", type=int, default=8192, help="places of a batch (default: %(default)s)"
    )
    parser.add_argument("--learning-rate", type=float, default=2e-3, help="default: %(default)s")
    parser.add_argument(
        "--weight-decay",
        type=float,
        default=0.01,
        help="what a step takes off the matrices, as a share, over its rate (default: %(default)s)",
    )
    parser.add_argument(
        "--label-count",
        type=int,
        default=8192,
        help="most frequent words that masked_lm asks for (default: %(default)s)",
    )
    parser.add_argument(
        "--max-words", type=int, default=64, help="of a sequence (default: %(default)s)"
    )
    parser.add_argument(
        "--row-words",
        type=int,
        metavar="N",
        help="fill rows of N words with neighbouring sequences, so that none is padded",
    )
    parser.add_argument(
        "--dtype", default="float32", help="such as mixed_bfloat16 (default: %(default)s)"
    )
    add_steps_per_execution(parser)
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--log-dir", metavar="DIR", help="write TensorBoard logs there")
    parser.add_argument("--overwrite", action="store_true", help="replace DIR if it exists")
    add_strategy(parser, BACKENDS)
    parser.set_defaults(pipeline_options=[])


def run(arguments):
    """Prepare the corpus, let the teacher read it, train."""
    from eelbert_tf.files import check_free
    from eelbert_tf.pretraining.config import PretrainingConfig

    config = PretrainingConfig(
        objectives=tuple(arguments.objective or ["masked_lm"]),
        epochs=arguments.epochs,
        batch_tokens=arguments.batch_tokens,
        learning_rate=arguments.learning_rate,
        weight_decay=arguments.weight_decay,
        label_count=arguments.label_count,
        row_words=arguments.row_words,
        imitation_steps=arguments.imitation_steps,
        seed=arguments.seed,
        dtype=arguments.dtype,
        steps_per_execution=arguments.steps_per_execution,
    )
    check_free(arguments.out, arguments.overwrite, directory=True)
    worker = is_worker(arguments)
    replicas = open_replicas(arguments)
    shards = read_shards(arguments, prepares=not worker)
    if arguments.prepare_only:
        return
    targets = None
    if arguments.teacher or arguments.targets:
        import_tensorflow()
        targets = _targets(arguments, shards, asks=not worker)
    if launch_workers(arguments):
        return
    import_tensorflow()
    from eelbert_tf.pretraining.pretrain import pretrain

    log = run_directory(arguments) / "log.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "a", encoding="utf-8") as file:

        def report(progress):
            print_progress(progress, "words")
            record = {"step": progress.step, "time": time.time(), **progress.losses}
            record["words_per_second"] = progress.words_per_second
            print(json.dumps(record), file=file, flush=True)

        pretrain(
            shards,
            arguments.preset,
            arguments.out,
            config,
            targets,
            arguments.warm_start,
            arguments.overwrite,
            report,
            _callbacks(arguments),
            arguments.checkpoint_seconds,
            replicas,
        )
    if not replicas or replicas.is_chief:
        print(f"Preset written to {arguments.out}")


def read_shards(arguments, prepares):
    """The shards of the corpus, prepared unless they are there or another process does so."""
    from eelbert_tf.errors import UserError
    from eelbert_tf.pretraining.corpus_shards import corpus_shards

    def make(sources, directory):
        if not prepares:
            raise UserError(
                f"Workers need shards that are there. Received: none in {directory}. Prepare them "
                "once, by the same command with --prepare-only and without TF_CONFIG."
            )
        _prepare(arguments, sources, directory)

    directory = arguments.shards or f"{arguments.out}.shards"
    shards = corpus_shards(arguments.corpus, directory, make)
    count, where = f"{shards.word_count:,} words", shards.directory
    print(f"{count} in {len(shards)} shards in {where}", flush=True)
    return shards


def _prepare(arguments, sources, directory):
    settings = (sources, directory, arguments.max_words, arguments.seed)
    if arguments.runner:
        from eelbert_tf.beam.load import import_beam

        import_beam()
        from eelbert_tf.pretraining.beam_prepare import beam_prepare

        beam_prepare(
            *settings, runner=arguments.runner, pipeline_options=arguments.pipeline_options
        )
        return
    from eelbert_tf.pretraining.prepare import prepare

    start = time.monotonic()

    def progress(words):
        rate = words / (time.monotonic() - start)
        print(f"prepared {words:,} words, {rate:,.0f} words/s", file=sys.stderr, flush=True)

    prepare(*settings, progress=progress)


def _targets(arguments, shards, asks):
    """What the teacher says of the shards, asked unless it is there or another process does so."""
    from eelbert_tf.pretraining.teacher import Targets, write_targets

    out = pathlib.Path(arguments.targets or f"{shards.directory}.targets")
    if arguments.teacher and asks:
        begun = []

        def progress(words, total):
            begun.append((time.monotonic(), words))
            seconds, read = time.monotonic() - begun[0][0], words - begun[0][1]
            if read:
                left = (total - words) * seconds / read / 60
                print(
                    f"teacher read {words:,} of {total:,} words, {read / seconds:,.0f} words/s, "
                    f"{left:.1f} min left",
                    file=sys.stderr,
                    flush=True,
                )

        write_targets(shards, arguments.teacher, out, arguments.teacher_shards, progress=progress)
    return Targets(out, shards)


def _callbacks(arguments):
    if not arguments.log_dir:
        return []
    import keras

    pathlib.Path(arguments.log_dir).mkdir(parents=True, exist_ok=True)
    return [keras.callbacks.TensorBoard(arguments.log_dir, write_graph=False)]
