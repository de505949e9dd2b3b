"""TensorFlow's errors of files as Python's own."""

import contextlib

import tensorflow as tf


@contextlib.contextmanager
def os_errors():
    """What TensorFlow raises in the block for a full disk and the like, raised as `OSError`."""
    try:
        yield
    except tf.errors.OpError as error:
        raise OSError(error.message) from error
