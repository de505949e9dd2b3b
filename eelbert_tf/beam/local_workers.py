"""Worker processes on this machine."""

import contextlib
import shlex
import shutil
import signal
import sys
import tempfile
import threading

import grpc
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from eelbert_tf.errors import UserError

# Beam's threads that end with a worker.
_SERVING = ("run_worker", "beam_control_read", "read_grpc_client_inputs")


@contextlib.contextmanager
def local_workers():
    """An environment of Beam whose workers are processes, which end with the block at the latest.

    They end at once on Ctrl-C, where Beam would finish what they have begun.

    Raises:
        UserError: a worker was ended, for which Beam would wait for ever.
    """
    lost = []
    directory = tempfile.mkdtemp()
    command = shlex.join([sys.executable, "-m", "eelbert_tf.beam.worker", directory])
    try:
        with _stopped_by_signals(directory), _noticed_losses(directory, lost):
            yield SubprocessSDKEnvironment.from_command_string(f"exec {command}")
    except KeyboardInterrupt:
        if not lost:
            raise
        raise UserError(
            f"A worker process was ended ({lost[0]}). Was there room in memory? The same command "
            "goes on from there."
        ) from None


@contextlib.contextmanager
def _stopped_by_signals(directory):
    """Remove the directory, which ends the workers, on Ctrl-C unless ignored, and on SIGUSR1."""

    def stop(*_):
        shutil.rmtree(directory, ignore_errors=True)
        raise KeyboardInterrupt

    kept = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGUSR1):
            if signal.getsignal(number) != signal.SIG_IGN:
                kept[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _noticed_losses(directory, lost):
    """Tell the main thread by SIGUSR1 when a worker was ended; its exception goes to `lost`.

    Ends the workers, and waits for the threads that serve them.
    """
    main, usual_hook = threading.main_thread().ident, threading.excepthook
    over = threading.Event()

    def hook(failure):
        if "Worker subprocess exited" in str(failure.exc_value):
            if not lost and not over.is_set():
                lost.append(failure.exc_value)
                signal.pthread_kill(main, signal.SIGUSR1)
        elif not isinstance(failure.exc_value, grpc.RpcError):  # of workers that are gone
            usual_hook(failure)

    threading.excepthook = hook
    try:
        yield
    finally:
        over.set()
        shutil.rmtree(directory, ignore_errors=True)
        for thread in threading.enumerate():
            if thread.name in _SERVING:
                thread.join(timeout=10)
        threading.excepthook = usual_hook
