"""The training loop: batches made beside the computation, checkpoints, progress."""

import dataclasses
import itertools
import math
import queue
import threading
import time

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining.checkpoint import load_checkpoint, save_checkpoint

REPORT_EVERY = 50  # steps


@dataclasses.dataclass(frozen=True)
class Progress:
    """Where a run is.

    Attributes:
        step, steps: int.
        loss: float, the mean since the last report; `losses` by output.
        words_per_second: float, since the last report.
        seconds_left: float, at this speed.
    """

    step: int
    steps: int
    losses: dict
    words_per_second: float
    seconds_left: float

    @property
    def loss(self):
        return self.losses["loss"]


def train(
    model,
    examples,
    steps,
    directory,
    facts,
    report=None,
    callbacks=(),
    checkpoint_seconds=180.0,
):
    """Train to a number of steps, from the last checkpoint in a directory if there is one.

    Batches follow from the step alone, and a checkpoint holds weights, optimizer and step: a run
    that was killed goes on as if it had not been.

    Args:
        model: compiled, from `pretraining_model`.
        examples: `pretraining_model.Examples`.
        steps: int.
        directory: path of the checkpoint.
        facts: dict of the settings that must stay the same.
        report: function of a `Progress`, or None.
        callbacks: Keras callbacks; 50 steps are an epoch to them.
        checkpoint_seconds: float. Seconds between checkpoints.

    Raises:
        UserError: the loss is no finite number; the last checkpoint stays.
    """
    import keras

    model.optimizer.build(model.trainable_variables)
    step = load_checkpoint(directory, model, facts)
    if step == 0:  # what came before the first step, too, is not to be done again
        save_checkpoint(directory, model, step, facts)
    callbacks = keras.callbacks.CallbackList(list(callbacks), model=model)
    callbacks.on_train_begin()
    kept = time.monotonic()
    batches = _beside(itertools.islice(examples.from_step(step), max(0, steps - step)))
    sums, words, start = {}, 0, time.monotonic()
    train_step = None
    for count, batch in batches:
        train_step = train_step or _compiled_step(model, batch)
        logs = train_step(*batch)
        model.reset_metrics()
        step += 1
        words += count
        for name, value in logs.items():
            sums[name] = sums.get(name, 0.0) + float(value)
        saves = step == steps or time.monotonic() - kept > checkpoint_seconds
        # A loss is that before its update: what is kept must be sound after it, too.
        if not math.isfinite(float(logs["loss"])) or (saves and not _is_finite(model)):
            raise UserError(
                f"The loss is no finite number at step {step}. The last good checkpoint is kept "
                f"in {directory}; begin anew elsewhere with a lower learning rate. Received: "
                f"learning_rate={facts.get('learning_rate')}."
            )
        callbacks.on_train_batch_end(step - 1)
        if step % REPORT_EVERY == 0 or step == steps:
            seconds = time.monotonic() - start
            taken = (step - 1) % REPORT_EVERY + 1
            means = {name: value / taken for name, value in sums.items()}
            callbacks.on_epoch_end(step // REPORT_EVERY, means)
            if report:
                left = (steps - step) * seconds / taken
                report(Progress(step, steps, means, words / seconds, left))
            sums, words, start = {}, 0, time.monotonic()
        if saves:
            save_checkpoint(directory, model, step, facts)
            kept = time.monotonic()
    callbacks.on_train_end()


def _is_finite(model):
    return all(np.isfinite(weight).all() for weight in model.get_weights())


def _compiled_step(model, batch):
    """A function of `(x, y, sample_weight)` that trains once and gives the losses by name.

    TensorFlow traces it once for all lengths: a graph for each length would round otherwise, and a
    run that goes on would not end where an unbroken one does.
    """
    import keras

    if keras.config.backend() != "tensorflow":
        return lambda x, y, weights: model.train_on_batch(
            x, y, sample_weight=weights, return_dict=True
        )
    import tensorflow as tf

    signature = tf.nest.map_structure(
        lambda array: tf.TensorSpec(
            [None] * min(array.ndim, 2) + list(array.shape[2:]), array.dtype
        ),
        batch,
    )
    return tf.function(
        lambda *parts: model.train_step(parts), input_signature=signature, autograph=False
    )


def _beside(batches, ahead=4):
    """Make batches in a thread of their own, a few ahead."""
    waiting, end = queue.Queue(ahead), object()

    def work():
        try:
            for batch in batches:
                waiting.put(batch)
            waiting.put(end)
        except BaseException as error:
            waiting.put(error)

    threading.Thread(target=work, daemon=True).start()
    while (batch := waiting.get()) is not end:
        if isinstance(batch, BaseException):
            raise batch
        yield batch
