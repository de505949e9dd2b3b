"""The training loop: batches made beside the computation, checkpoints, progress."""

import dataclasses
import itertools
import math
import pathlib
import queue
import threading
import time

import numpy as np

from eelbert_tf.distribution.strategies import open_replicas
from eelbert_tf.errors import UserError
from eelbert_tf.training.checkpoint import CHECKPOINT_FILE, load_checkpoint, save_checkpoint

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
    replicas=None,
    steps_of_round=1,
):
    """Train to a number of steps, from the last checkpoint in a directory if there is one.

    Batches follow from the step alone, and a checkpoint holds weights, optimizer and step: a run
    that was killed goes on as if it had not been.

    Args:
        model: compiled, such as `pretraining_model` makes, in the scope of the replicas.
        examples: an object whose `from_step(step)` yields batches without end, such as
            `pretraining_model.Examples`.
        steps: int.
        directory: path of the checkpoint.
        facts: dict of the settings that must stay the same.
        report: function of a `Progress`, or None.
        callbacks: Keras callbacks; 50 steps are an epoch to them.
        checkpoint_seconds: float. Seconds between checkpoints.
        replicas: what `open_replicas` gave; one device unless given. The chief alone writes
            checkpoints, which all read, and reports.
        steps_of_round: int. Steps of each thing that `from_step` yields; the last may have fewer.

    Raises:
        UserError: the loss is no finite number, or another worker has stopped; the last
            checkpoint stays.
    """
    import keras

    replicas = replicas or open_replicas()
    with replicas.scope():
        model.optimizer.build(model.trainable_variables)
        step = load_checkpoint(directory, model, facts)
        if step == 0 and replicas.is_chief:  # what came before the first step, too, is done once
            save_checkpoint(directory, model, step, facts)
        replicas.wait()
        if step == 0 and not replicas.is_chief:
            _begin_as_the_chief(directory, model, facts)
        callbacks = keras.callbacks.CallbackList(list(callbacks), model=model)
        callbacks.on_train_begin()
        kept = time.monotonic()
        rounds = -(-max(0, steps - step) // steps_of_round)
        batches = itertools.islice(examples.from_step(step), rounds)
        batches = _beside((count, replicas.placed(part_of)) for count, part_of in batches)
        sums, words, taken, start = {}, 0, 0, time.monotonic()
        train_step = None
        for count, batch in batches:
            train_step = train_step or replicas.step_function(model, batch)
            logs = train_step(batch)
            model.reset_metrics()
            before, step = step, min(step + steps_of_round, steps)
            words += count
            taken += step - before
            for name, value in logs.items():
                sums[name] = sums.get(name, 0.0) + float(value) * (step - before)
            saves = step == steps or time.monotonic() - kept > checkpoint_seconds
            saves = saves and replicas.is_chief
            # A loss is that before its update: what is kept must be sound after it, too.
            if not math.isfinite(float(logs["loss"])) or (saves and not _is_finite(model)):
                raise UserError(
                    f"The loss is no finite number at step {step}. The last good checkpoint is "
                    f"kept in {directory}; begin anew elsewhere with a lower learning rate. "
                    f"Received: learning_rate={facts.get('learning_rate')}."
                )
            callbacks.on_train_batch_end(step - 1)
            if step // REPORT_EVERY > before // REPORT_EVERY or step == steps:
                seconds = time.monotonic() - start
                means = {name: value / taken for name, value in sums.items()}
                callbacks.on_epoch_end(step // REPORT_EVERY, means)
                if report and replicas.is_chief:
                    left = (steps - step) * seconds / taken
                    report(Progress(step, steps, means, words / seconds, left))
                sums, words, taken, start = {}, 0, 0, time.monotonic()
            if saves:
                save_checkpoint(directory, model, step, facts)
                kept = time.monotonic()
        callbacks.on_train_end()


def _begin_as_the_chief(directory, model, facts):
    if not (pathlib.Path(directory) / CHECKPOINT_FILE).exists():
        raise UserError(
            f"All workers must see the chief's checkpoint. Received: none in {directory}. Name a "
            "directory that they share."
        )
    load_checkpoint(directory, model, facts)


def _is_finite(model):
    return all(np.isfinite(weight).all() for weight in model.get_weights())


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
