"""One training run, the best of its epochs taken by held-out rows."""

import math
import time
from dataclasses import dataclass

import numpy as np

from eelbert_tf.glue.batch_order import scoring_batches, training_batches
from eelbert_tf.glue.encoded import answers
from eelbert_tf.glue.fine_tuner import learning_rate, losses
from eelbert_tf.glue.metrics import main_score, task_metrics


@dataclass(frozen=True)
class Trained:
    """What a run gave.

    Attributes:
        weights: float array, those of the best epoch.
        epoch: int, from 1, the best one.
        metrics: dict, its metrics on the held-out rows.
        loss: float, its mean loss there.
        speed: dict of `seconds`, `steps_per_second`, `tokens_per_second` (padding not counted)
            and `share_in_steps`: of the time of training, what the bare steps took.
    """

    weights: np.ndarray
    epoch: int
    metrics: dict
    loss: float
    speed: dict

    @property
    def rank(self):
        """What is higher is better; the loss decides where the metrics do not."""
        return rank(self.metrics, self.loss)


def rank(metrics, loss):
    """See `Trained.rank`."""
    return main_score(metrics), -math.inf if loss is None or math.isnan(loss) else -loss


def train(tuner, start, train_rows, held_out, metrics, settings, seed, after_step=None):
    """Train from a start, and score each epoch on held-out rows.

    Args:
        tuner: `FineTuner`.
        start: float array, the weights to start from.
        train_rows, held_out: `LabelledRows`.
        metrics: the names of the metrics.
        settings: `(batch_size, learning_rate, epochs)`.
        seed: int, of the order and of dropout.
        after_step: function of no arguments or None, called after each step.

    Returns:
        `Trained`.
    """
    batch_size, highest, epochs = settings
    random = np.random.default_rng(seed)
    tuner.reset(start, seed)
    lengths = train_rows.rows.lengths
    steps, step = epochs * math.ceil(len(train_rows) / batch_size), 0
    seconds = inside = 0.0
    best = None
    for epoch in range(1, epochs + 1):
        begin = time.perf_counter()
        for rows in training_batches(lengths, batch_size, random):
            batch, labels = train_rows.rows.batch(rows), train_rows.labels[rows]
            enter = time.perf_counter()
            tuner.step(batch, labels, learning_rate(highest, step, steps))
            inside += time.perf_counter() - enter
            step += 1
            if after_step:
                after_step()
        seconds += time.perf_counter() - begin
        logits = predict(tuner, held_out)
        regression = held_out.labels.dtype.kind == "f"
        scores = task_metrics(metrics, held_out.labels, answers(logits, regression))
        loss = float(losses(held_out.labels, logits, regression).mean())
        if best is None or rank(scores, loss) > best.rank:
            best = Trained(tuner.weights, epoch, scores, loss, {})
    speed = {
        "seconds": round(seconds, 2),
        "steps_per_second": round(steps / seconds, 1),
        "tokens_per_second": round(int(lengths.sum()) * epochs / seconds),
        "share_in_steps": round(inside / seconds, 3),
    }
    return Trained(best.weights, best.epoch, best.metrics, best.loss, speed)


def predict(tuner, rows):
    """The logits of labelled or unlabelled rows, in their order."""
    results = None
    for batch in scoring_batches(rows.rows.lengths):
        logits = tuner.logits(rows.rows.batch(batch))
        if results is None:
            results = np.zeros((len(rows), logits.shape[1]), "float32")
        results[batch] = logits
    return results
