"""TensorFlow greets on standard error while it is imported, before its log level is read."""

import contextlib
import importlib.util
import os
import sys


@contextlib.contextmanager
def quiet_start():
    """Import TensorFlow without its greetings. What it says later is heard."""
    sys.stderr.flush()
    kept = os.dup(2)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silent)


def import_tensorflow():
    """Import this package's models quietly, and TensorFlow where it is installed."""
    with quiet_start():
        import eelbert_tf.models  # noqa: F401

        if importlib.util.find_spec("tensorflow") is None:
            return
        import tensorflow as tf

        tf.constant(0)  # its devices are announced at the first operation
        tf.get_logger().setLevel("ERROR")
