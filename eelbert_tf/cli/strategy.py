"""Flags of training on many devices, and what they start."""

import math
import os
import pathlib
import sys

from eelbert_tf.cli.quiet import quiet_start
from eelbert_tf.distribution.strategies import MULTI_WORKER

# How each worker is started; its flags follow.
_PROGRAM = "import sys; from eelbert_tf.cli.main import main; sys.exit(main())"


def add_strategy(parser, names):
    """Add the flags of training on many devices.

    Args:
        parser: of a command with `--out`.
        names: strategies that it can use.
    """
    group = parser.add_argument_group("training on many devices")
    group.add_argument("--strategy", choices=tuple(names), help="default: one device")
    group.add_argument(
        "--devices", type=int, metavar="N", help="of this machine (default: all; of one process)"
    )
    group.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help=f"start N processes of {MULTI_WORKER} here, and again after one was killed "
        "(default: this process is the one that TF_CONFIG names)",
    )
    group.add_argument(
        "--checkpoint-seconds",
        type=float,
        default=180.0,
        metavar="S",
        help="between checkpoints, in OUT.run (default: %(default)s)",
    )


def run_directory(arguments):
    """Where a run's checkpoint is while it trains."""
    return pathlib.Path(f"{arguments.out}.run")


def is_worker(arguments):
    """Whether TF_CONFIG makes this process one of several.

    Raises:
        UserError: it is malformed, or a flag says something else.
    """
    from eelbert_tf.distribution.cluster import read_cluster
    from eelbert_tf.errors import UserError

    workers, seconds = arguments.workers, arguments.checkpoint_seconds
    if not 0 <= seconds < math.inf:
        raise UserError(f"`--checkpoint-seconds` must be at least 0. Received: {seconds}.")
    if arguments.strategy != MULTI_WORKER:
        if workers is not None:
            raise UserError(
                f"`--workers` goes with `--strategy {MULTI_WORKER}`. Received: "
                f"--strategy {arguments.strategy or 'none'}."
            )
        return False
    if workers is not None and workers < 1:
        raise UserError(f"`--workers` must be at least 1. Received: {workers}.")
    cluster = read_cluster()
    if cluster and workers not in (None, len(cluster.addresses)):
        raise UserError(
            f"`--workers` must be as many as TF_CONFIG names, {len(cluster.addresses)}. "
            f"Received: {workers}. Leave it out."
        )
    return cluster is not None


def _launches(arguments):
    return bool(arguments.workers) and not is_worker(arguments)


def launch_workers(arguments):
    """Start the workers that `--workers` asks for, each with this command's own line, and wait.

    Returns:
        Whether that was what this process had to do.

    Raises:
        SystemExit: a worker has failed and has said why.
    """
    if not _launches(arguments):
        return False
    from eelbert_tf.distribution.launcher import run_workers
    from eelbert_tf.training.checkpoint import CHECKPOINT_FILE

    command = [sys.executable, "-c", _PROGRAM, *arguments.line]
    checkpoint = run_directory(arguments) / CHECKPOINT_FILE
    status = run_workers(command, arguments.workers, checkpoint)
    if status:
        raise SystemExit(status)
    return True


def open_replicas(arguments):
    """The devices that the flags ask for; None where they ask for none, or for other processes.

    Nothing may have been computed before.
    """
    worker = is_worker(arguments)
    wanted = arguments.strategy is not None or arguments.devices is not None
    if not wanted or _launches(arguments):
        return None
    from eelbert_tf.distribution import strategies

    if worker:
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # where another worker stops, we say so ourselves
    with quiet_start():
        return strategies.open_replicas(arguments.strategy, arguments.devices)
