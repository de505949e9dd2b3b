"""`MagnitudePruning`: the smallest weights become 0 while training."""

import keras
import tensorflow as tf

from eelbert_tf.compression.matrices import matrices
from eelbert_tf.errors import UserError

SCHEDULES = ("polynomial", "constant")
# How often masks follow the schedule, at most; each time sorts all weights.
_UPDATES = 50


class MagnitudePruning(keras.callbacks.Callback):
    """Prunes the smallest numbers of each matrix (Zhu and Gupta, 2017, arXiv 1710.01878).

    tensorflow-model-optimization's schedule and engine decide, once a batch is done, what is 0.

    Args:
        sparsity: float between 0 and 1. The share of each matrix that ends as 0.
        pattern: str such as `"2:4"` or None: 2 of each 4 neighbours in a row are 0 instead, from
            the first batch on.
        schedule: `"polynomial"`, sparsity grows from 0 over the first half of training;
            `"constant"`, from the start; or a `PruningSchedule` of
            tensorflow-model-optimization.

    Raises:
        UserError: a setting is out of range, or the rows of a matrix cannot have the pattern.

    Example:

    ```python
    model.fit(x, y, epochs=3, callbacks=[MagnitudePruning(sparsity=0.8)])
    ```
    """

    def __init__(self, sparsity=None, pattern=None, schedule="polynomial"):
        super().__init__()
        if sparsity is not None and pattern is not None:
            raise UserError(
                "`sparsity` and `pattern` exclude each other: a pattern says how much is 0. "
                f"Received: sparsity={sparsity}, pattern={pattern!r}."
            )
        self.pattern = None if pattern is None else parse_pattern(pattern)
        self.sparsity = 0.8 if sparsity is None else sparsity
        if not 0 < self.sparsity < 1:
            raise UserError(f"`sparsity` must be between 0 and 1. Received: sparsity={sparsity}.")
        if isinstance(schedule, str) and schedule not in SCHEDULES:
            raise UserError(
                f"`schedule` must be one of {', '.join(SCHEDULES)}. Received: {schedule!r}."
            )
        self.schedule = schedule

    def on_train_begin(self, logs=None):
        from eelbert_tf.compression.tfmot import Pruning

        self.matrices = matrices(self.model)
        self._check_pattern()
        self.step = tf.Variable(0, dtype="int64", trainable=False)
        # The engine lays rows out as `Dense` does: inputs first.
        self.triples = [
            (
                tf.Variable(tf.transpose(matrix.rows(matrix.variable.value)), trainable=False),
                tf.Variable(tf.ones(matrix.shape[::-1]), trainable=False),
                tf.Variable(0.0, trainable=False),
            )
            for matrix in self.matrices
        ]
        self.engine = Pruning(
            lambda: self.step, self.triples, self._schedule(), (1, 1), "AVG", self.pattern
        )
        eager = self.model.run_eagerly
        self._prune = self._prune_all if eager else tf.function(self._prune_all)
        self._prune()

    def on_train_batch_end(self, batch, logs=None):
        self.step.assign_add(1)
        self._prune()

    def _prune_all(self):
        for matrix, (weight, _, _) in zip(self.matrices, self.triples):
            weight.assign(tf.transpose(matrix.rows(matrix.variable.value)))
        self.engine.conditional_mask_update()
        self.engine.weight_mask_op()
        for matrix, (weight, _, _) in zip(self.matrices, self.triples):
            matrix.variable.assign(matrix.restored(tf.transpose(weight)))

    def _schedule(self):
        from eelbert_tf.compression.tfmot import ConstantSparsity, PolynomialDecay

        if not isinstance(self.schedule, str):
            return self.schedule
        if self.schedule == "constant":
            return ConstantSparsity(self.sparsity, begin_step=0)
        if not self.params.get("steps"):
            raise UserError(
                "The data must have a known number of batches for `schedule` to be 'polynomial'. "
                "Give `steps_per_epoch`, or a PolynomialDecay of your own."
            )
        half = self.params["steps"] * self.params["epochs"] // 2
        frequency = max(1, half // _UPDATES)
        end = max(1, half // frequency * frequency)
        return PolynomialDecay(0.0, self.sparsity, 0, end, frequency=frequency)

    def _check_pattern(self):
        if self.pattern is None:
            return
        _, size = self.pattern
        odd = [matrix for matrix in self.matrices if matrix.shape[1] % size]
        if odd:
            raise UserError(
                f"`pattern` needs rows whose length is a multiple of {size}. Received: "
                + ", ".join(f"{matrix.path} with rows of {matrix.shape[1]}" for matrix in odd[:3])
                + ". Prune to a `sparsity` instead."
            )


def parse_pattern(pattern):
    """`"2:4"` to `(2, 4)`: two zeros in four neighbours.

    Raises:
        UserError: it is no such pattern.
    """
    zeros, _, size = str(pattern).partition(":")
    if zeros.isdecimal() and size.isdecimal() and 0 < int(zeros) < int(size):
        return int(zeros), int(size)
    raise UserError(
        f"`pattern` must be like 2:4, two zeros in each four neighbours. Received: {pattern!r}."
    )


def prepare(task, sparsity, pattern, schedule):
    """The callbacks that prune a task."""
    return [MagnitudePruning(sparsity, pattern, schedule or SCHEDULES[0])]
