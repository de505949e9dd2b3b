"""`eelbert distill`."""

import argparse
import pathlib
import shutil

from eelbert_tf.cli.flags import DATA_HELP, add_columns, add_steps_per_execution
from eelbert_tf.cli.interrupt import interrupt_between_batches
from eelbert_tf.cli.pretrain import read_shards
from eelbert_tf.cli.progress import print_progress
from eelbert_tf.cli.quiet import import_tensorflow
from eelbert_tf.cli.strategy import run_directory
from eelbert_tf.cli.train import check_unicode, read_train_and_dev, write_model
from eelbert_tf.preset_names import ARCHITECTURES


def add_parser(commands):
    """Add the command's parser."""
    parser = commands.add_parser(
        "distill",
        help="let a student learn from a teacher",
        description="Let a student learn a teacher's layers on a corpus, which gives a preset; or "
        "its layers and its answers on labelled rows, which gives what `eelbert train` writes; or "
        "one after the other. Stopped, the same command goes on from OUT.run.",
    )
    parser.add_argument(
        "--teacher",
        required=True,
        metavar="T",
        help="for --data: what `eelbert train` wrote, or the name of a shipped model; for --corpus "
        "also a BERT's or a preset's directory",
    )
    parser.add_argument(
        "--student",
        required=True,
        metavar="S",
        help=f"one of {', '.join(sorted(ARCHITECTURES))}, the name of a shipped model, or the "
        "directory of a BERT, a preset or a model, whose encoder is taken",
    )
    parser.add_argument("--corpus", nargs="+", metavar="CORPUS", help="as of `eelbert pretrain`")
    parser.add_argument("--shards", metavar="DIR", help="where shards go (default: OUT.shards)")
    parser.add_argument("--data", metavar="DATA", help=DATA_HELP)
    parser.add_argument("--dev", metavar="DATA", help="rows to score on; else a tenth of DATA")
    parser.add_argument("--dev-split", metavar="NAME", help="of a tfds: data set in --dev")
    parser.add_argument("--out", required=True, metavar="DIR", help="where the result goes")
    parser.add_argument(
        "--max-words",
        type=int,
        help="of a sequence of the corpus (default: 64), and window of the model (default: 128)",
    )
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--overwrite", action="store_true", help="replace DIR if it exists")
    parser.add_argument(
        "--checkpoint-seconds",
        type=float,
        default=180.0,
        metavar="S",
        help="between checkpoints, in OUT.run (default: %(default)s)",
    )
    layers = parser.add_argument_group("learning layers")
    layers.add_argument(
        "--layers",
        type=_pairs,
        metavar="S:T,...",
        help="the student's layer S learns from the teacher's T, from 1 (default: last from last)",
    )
    layers.add_argument(
        "--corpus-epochs", type=float, default=1.0, help="over the corpus (default: %(default)s)"
    )
    layers.add_argument(
        "--layer-epochs",
        type=float,
        default=3.0,
        help="over DATA, before the answers; 0 leaves them out (default: %(default)s)",
    )
    layers.add_argument(
        "--layer-learning-rate", type=float, default=1e-3, help="default: %(default)s"
    )
    layers.add_argument(
        "--batch-tokens", type=int, default=2048, help="places of a batch (default: %(default)s)"
    )
    layers.add_argument(
        "--dtype", default="float32", help="such as mixed_bfloat16 (default: %(default)s)"
    )
    add_steps_per_execution(layers)
    answers = parser.add_argument_group("learning answers")
    answers.add_argument("--epochs", type=int, default=10, help="default: %(default)s")
    answers.add_argument("--batch-size", type=int, default=32, help="default: %(default)s")
    answers.add_argument("--learning-rate", type=float, default=1e-3, help="default: %(default)s")
    answers.add_argument(
        "--temperature", type=float, default=1.0, help="of both answers (default: %(default)s)"
    )
    answers.add_argument(
        "--hard-label-weight",
        type=float,
        default=0.0,
        help="share of the rows' own labels in the loss (default: %(default)s)",
    )
    add_columns(parser)


def run(arguments):
    """Distil on the corpus, on the rows, or on both."""
    from eelbert_tf.errors import UserError
    from eelbert_tf.files import check_free

    check_unicode(arguments.line)
    if not arguments.corpus and not arguments.data:
        raise UserError(
            "Distillation needs texts. Received: neither `--corpus` nor `--data`. Name one or both."
        )
    answer_config = _answer_config(arguments)
    general_config = _layer_config(arguments, arguments.corpus_epochs)
    layer_config = None
    if arguments.layer_epochs:
        layer_config = _layer_config(arguments, arguments.layer_epochs)
    check_free(arguments.out, arguments.overwrite, directory=True)
    data = read_train_and_dev(arguments) if arguments.data else None
    import_tensorflow()
    # What does not fit is told before anything is computed.
    teacher = _task_teacher(arguments, data[0]) if data else None
    with interrupt_between_batches() as interrupts:
        loop = {"callbacks": [interrupts], "checkpoint_seconds": arguments.checkpoint_seconds}
        preset = arguments.student
        if arguments.corpus:
            preset = run_directory(arguments) / "general" if data else arguments.out
            _general(arguments, general_config, preset, loop)
        if data:
            task = _task(arguments, teacher, preset, data[0], layer_config, answer_config, loop)
    if data:
        write_model(task, *data, arguments, preset=arguments.student)
    else:
        print(f"Preset written to {arguments.out}")
    shutil.rmtree(run_directory(arguments), ignore_errors=True)


def _general(arguments, config, out, loop):
    from eelbert_tf.distillation.distill_general import distill_general

    names = {"max_words": arguments.max_words or 64, "runner": None}
    shards = read_shards(argparse.Namespace(**{**vars(arguments), **names}), prepares=True)
    distill_general(
        shards,
        arguments.teacher,
        arguments.student,
        out,
        config,
        arguments.overwrite or out != arguments.out,  # of a run that goes on, it is the same
        report=lambda progress: print_progress(progress, "words"),
        **loop,
    )


def _task(arguments, teacher, preset, train, layer_config, answer_config, loop):
    from eelbert_tf.distillation.distill_task import distill_task, new_student

    student = new_student(train, preset, arguments.max_words or 128, arguments.seed)
    facts = {name: pathlib.Path(getattr(arguments, name)).name for name in ("teacher", "student")}
    return distill_task(
        teacher,
        student,
        train,
        run_directory(arguments),
        layer_config,
        answer_config,
        {**facts, "max_words": student.preprocessor.max_words},
        report=print_progress,
        **loop,
    )


def _task_teacher(arguments, train):
    from eelbert_tf.distillation.distill_task import load_teacher

    return load_teacher(arguments.teacher, train)


def _layer_config(arguments, epochs):
    from eelbert_tf.distillation.config import LayerConfig

    return LayerConfig(
        layers=arguments.layers,
        epochs=epochs,
        batch_tokens=arguments.batch_tokens,
        learning_rate=arguments.layer_learning_rate,
        seed=arguments.seed,
        dtype=arguments.dtype,
        steps_per_execution=arguments.steps_per_execution,
    )


def _answer_config(arguments):
    from eelbert_tf.distillation.config import AnswerConfig

    names = ("epochs", "batch_size", "learning_rate", "temperature", "hard_label_weight", "seed")
    return AnswerConfig(**{name: getattr(arguments, name) for name in names})


def _pairs(text):
    """`1:2,2:4` to pairs of numbers."""
    try:
        return tuple(
            (int(own), int(other)) for own, other in (p.split(":") for p in text.split(","))
        )
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"pairs such as 1:2,2:4 are needed, not {text!r}"
        ) from None
