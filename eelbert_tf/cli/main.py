"""`eelbert`: the parser of all commands, and how errors reach the user."""

import argparse
import importlib
import os
import sys

from eelbert_tf.cli import compress, distill, glue, pretrain, score
from eelbert_tf.cli.flags import DATA_HELP, add_columns
from eelbert_tf.cli.strategy import add_strategy
from eelbert_tf.distribution.strategies import MIRRORED, MULTI_WORKER
from eelbert_tf.export.modes import (
    DEFAULT_QUANTIZATION,
    FORMATS,
    FULL_INT8,
    MIXED,
    QUANTIZATIONS,
    RECIPES,
)
from eelbert_tf.preset_names import ARCHITECTURES
from eelbert_tf.runtimes.load import RUNTIMES
from eelbert_tf.version import __version__


def parser():
    """The parser of the whole command line."""
    root = argparse.ArgumentParser(
        prog="eelbert", description="Tiny BERT models without a vocabulary."
    )
    root.add_argument("--version", action="version", version=f"eelbert_tf {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="fine-tune a preset on labelled texts")
    train.add_argument("data", metavar="DATA", help=DATA_HELP)
    train.add_argument(
        "--preset",
        default="eelbert_uno",
        help=f"one of {', '.join(sorted(ARCHITECTURES))}, the name of a shipped model, or a "
        "preset directory (default: %(default)s)",
    )
    train.add_argument("--out", required=True, metavar="DIR", help="where the model goes")
    train.add_argument("--dev", metavar="DATA", help="rows to score on; else a tenth of DATA")
    train.add_argument("--dev-split", metavar="NAME", help="of a tfds: data set in --dev")
    train.add_argument("--epochs", type=int, default=10, help="default: %(default)s")
    train.add_argument("--batch-size", type=int, default=32, help="default: %(default)s")
    train.add_argument("--learning-rate", type=float, default=1e-3, help="default: %(default)s")
    train.add_argument(
        "--max-words", type=int, default=128, help="window of the model (default: %(default)s)"
    )
    train.add_argument(
        "--distortion-rate",
        type=float,
        default=0.0,
        help="share of letters that get a typing error while training (default: %(default)s)",
    )
    train.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    train.add_argument("--log-dir", metavar="DIR", help="write TensorBoard logs there")
    train.add_argument("--overwrite", action="store_true", help="replace DIR if it exists")
    add_strategy(train, (MIRRORED, MULTI_WORKER))
    add_columns(train)

    pretrain.add_parser(commands)
    compress.add_parser(commands)
    distill.add_parser(commands)

    evaluate = commands.add_parser("evaluate", help="score a trained model")
    _add_model(evaluate)
    evaluate.add_argument("data", metavar="DATA", help=DATA_HELP)
    _add_runtime(evaluate)
    add_columns(evaluate)

    predict = commands.add_parser(
        "predict",
        help="label texts",
        description="Label texts: those given, else the lines of standard input. The two texts "
        "of a pair stand on one line with a tab between.",
    )
    _add_model(predict)
    predict.add_argument("texts", nargs="*", metavar="TEXT")
    _add_runtime(predict)

    embed = commands.add_parser("embed", help="turn texts into vectors")
    _add_model(embed)
    embed.add_argument("texts", nargs="*", metavar="TEXT")
    _add_runtime(embed)

    export = commands.add_parser("export", help="write a trained model for another runtime")
    _add_model(export)
    export.add_argument("--format", required=True, choices=FORMATS)
    export.add_argument("--out", required=True, metavar="PATH")
    export.add_argument("--data", metavar="FILE", help="score the export on these rows")
    export.add_argument(
        "--version",
        type=int,
        metavar="N",
        help="of a SavedModel, PATH/N (default: one above the highest there)",
    )
    export.add_argument(
        "--max-words", type=int, help="window of a .tflite or .onnx (default: the model's)"
    )
    export.add_argument(
        "--quantize",
        choices=(*QUANTIZATIONS, MIXED, *RECIPES),
        help="how a .tflite stores weights; mixed: in int8 or int4, whichever pays in a layer; "
        f"the last three are ai-edge-quantizer's (default: {DEFAULT_QUANTIZATION})",
    )
    export.add_argument(
        "--calibration",
        metavar="FILE",
        help=f"labelled rows on which {MIXED} chooses, or {FULL_INT8} measures activations",
    )
    export.add_argument("--overwrite", action="store_true", help="replace PATH if it exists")
    export.add_argument("--json", action="store_true", help="print one JSON object last")
    add_columns(export)

    info = commands.add_parser(
        "info", help="show the layers and sizes of a model or preset, or the names of all presets"
    )
    info.add_argument(
        "model", nargs="?", metavar="MODEL", help="a preset or directory; else all names are listed"
    )
    info.add_argument(
        "--sensitivity",
        metavar="DATA",
        help="show what int8 and int4 change in each layer of a classifier, on these rows",
    )
    info.add_argument("--json", action="store_true", help="print one JSON object last")
    add_columns(info)

    score.add_parser(commands)
    glue.add_parser(commands)
    return root


def _add_model(command):
    command.add_argument(
        "model", metavar="MODEL", help="what `eelbert train` wrote, or the name of a shipped model"
    )


def _add_runtime(command):
    command.add_argument(
        "--runtime", choices=RUNTIMES, default="keras", help="what computes (default: %(default)s)"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object last")


def main(arguments=None):
    """Run a command; returns the exit status: 0, 1 for the user's error, 2 for wrong usage."""
    arguments = _parsed(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        importlib.import_module(f"eelbert_tf.cli.{arguments.command}").run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _failed("interrupted; what existed before is unchanged.")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("EELBERT_DEBUG"):
            raise
        if isinstance(error, (ValueError, OSError)):  # of settings; of files
            return _failed(error)
        return _failed(
            f"unexpected {type(error).__name__}: {error}. EELBERT_DEBUG=1 shows where; please "
            "report it."
        )
    return 0


def _parsed(line):
    """The arguments, with TEXTs behind flags too, which argparse finds from Python 3.12 on only."""
    commands = parser()
    arguments, rest = commands.parse_known_args(line)
    if rest and "texts" in arguments:
        texts = argparse.ArgumentParser(add_help=False)
        texts.add_argument("texts", nargs="*", default=[])
        more, rest = texts.parse_known_args(rest)
        arguments.texts += more.texts
    if rest and getattr(arguments, "runner", None) and rest[0].startswith("--"):  # Beam's
        arguments.pipeline_options, rest = rest, []
    if rest:
        commands.error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.line = list(line)
    return arguments


def _failed(error):
    line = " ".join(str(error).split())
    print(f"eelbert: error: {line}", file=sys.stderr)
    return 1
