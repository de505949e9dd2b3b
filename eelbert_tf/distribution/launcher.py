"""Workers on this machine, started together, and together again when one was killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time

from eelbert_tf.distribution.cluster import VARIABLE, local_clusters
from eelbert_tf.errors import UserError

# Seconds in which the others must stop by themselves, once one has.
PATIENCE = 60.0
# Starts without a newer checkpoint, after which it is no use.
TRIES = 3


def run_workers(command, count, checkpoint):
    """Run `count` workers until the chief has ended well.

    Args:
        command: list of str, the command of every worker; TF_CONFIG tells each which one it is.
        count: int.
        checkpoint: path of the file from which all go on; a newer one means progress.

    Returns:
        The exit status: 0, or 1 where a worker gave up by itself and has said why.

    Raises:
        UserError: workers are killed time and again before the next checkpoint.
    """
    in_vain = 0
    while True:
        before = _changed(checkpoint)
        statuses = _run_once(command, count)
        if statuses[0] == 0:
            return 0
        killed = [index for index, status in enumerate(statuses) if status < 0]
        if not killed:
            return 1
        in_vain = 0 if _changed(checkpoint) != before else in_vain + 1
        if in_vain == TRIES:
            raise UserError(
                f"Worker {killed[0]} was killed {TRIES} times before the next checkpoint, at last "
                f"by signal {-statuses[killed[0]]}. Look for what kills it, such as too little "
                "memory, and give the same command again."
            )
        _say(
            f"worker {killed[0]} was killed by signal {-statuses[killed[0]]}; all start again "
            "from the last checkpoint"
        )


def _run_once(command, count):
    """Exit statuses of the workers; below 0 for one that a signal has killed."""
    with _workers(command, count) as processes:
        end = None
        while None in (statuses := [process.poll() for process in processes]):
            # Workers end before the chief, which writes the model; else the end is near.
            if statuses[0] == 0 or any(statuses):
                end = end or time.monotonic() + PATIENCE
                if time.monotonic() > end:
                    break
            time.sleep(0.1)
    return [1 if status is None else status for status in statuses]


@contextlib.contextmanager
def _workers(command, count):
    """Start them; the chief alone is heard on standard output. None outlives the block."""
    processes = []
    kept = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        for cluster in local_clusters(count):
            processes.append(
                subprocess.Popen(
                    command,
                    env={**os.environ, VARIABLE: cluster.variable()},
                    stdin=subprocess.DEVNULL,
                    stdout=None if cluster.is_chief else subprocess.DEVNULL,
                )
            )
            _say(f"worker {cluster.index} of {count} is process {processes[-1].pid}")
        yield processes
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        signal.signal(signal.SIGTERM, kept)


def _changed(path):
    return os.stat(path).st_mtime_ns if os.path.exists(path) else None


def _say(text):
    print(text, file=sys.stderr, flush=True)
