"""Ctrl-C while training. TensorFlow can corrupt its memory where one reaches it within a batch."""

import contextlib
import signal


@contextlib.contextmanager
def interrupt_between_batches():
    """A Keras callback that raises `KeyboardInterrupt` behind the batch in which Ctrl-C came.

    A second Ctrl-C does not wait.
    """
    import keras

    came = []

    def note(*_):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        came.append(True)

    def stop(batch=None, logs=None):
        if came:
            raise KeyboardInterrupt

    kept = signal.getsignal(signal.SIGINT)
    if kept is signal.default_int_handler:  # else they are ignored, or handled by a caller
        signal.signal(signal.SIGINT, note)
    try:
        yield keras.callbacks.LambdaCallback(on_train_batch_end=stop)
        stop()
    finally:
        signal.signal(signal.SIGINT, kept)
