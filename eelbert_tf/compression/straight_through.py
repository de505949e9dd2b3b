"""Training with weights that are rounded in some way: the gradient passes straight through."""

import abc

import keras
import tensorflow as tf

from eelbert_tf.compression.matrices import matrices


class StraightThrough(keras.callbacks.Callback, abc.ABC):
    """Lets a model compute with rounded weights while the exact ones learn.

    Before each batch the model's matrices hold rounded values. What the optimizer adds to these
    is added to exact copies, which are rounded anew: the straight-through estimator (Bengio et
    al., 2013, arXiv 1308.3432) around any layer, loss and optimizer, since no layer is changed.
    When training ends the model holds rounded values. Numbers that are 0 when training begins
    stay 0, so that a pruned model stays pruned.

    Subclasses implement `start` and `advance`, and `refresh` where something is renewed now and
    then.

    Args:
        refresh_every: int. Batches between two calls of `refresh`.
    """

    def __init__(self, refresh_every=100):
        super().__init__()
        self.refresh_every = refresh_every

    @abc.abstractmethod
    def start(self, matrix, rows):
        """Make what is kept of a matrix: a dict, its exact `rows` (`tf.Variable`) among it."""

    @abc.abstractmethod
    def advance(self, kept, change):
        """Add a change to the exact rows; returns the rounded ones. Runs in a graph."""

    def refresh(self, kept):
        """Renew what need not follow each batch."""

    def on_train_begin(self, logs=None):
        self.matrices = matrices(self.model)
        self.kept, self.rounded = [], []
        for matrix in self.matrices:
            rows = tf.Variable(matrix.rows(matrix.variable.value), trainable=False)
            kept = self.start(matrix, rows)
            kept["present"] = tf.cast(tf.not_equal(rows, 0.0), rows.dtype)
            self.kept.append(kept)
            self.rounded.append(tf.Variable(rows, trainable=False))
        self.batches = 0
        eager = self.model.run_eagerly
        self._step = self._advance_all if eager else tf.function(self._advance_all)
        self._refresh_all()
        self._step()

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1
        if self.batches % self.refresh_every == 0:
            self._refresh_all()
        self._step()

    def _refresh_all(self):
        for kept in self.kept:
            self.refresh(kept)

    def _advance_all(self):
        for matrix, kept, rounded in zip(self.matrices, self.kept, self.rounded):
            change = (matrix.rows(matrix.variable.value) - rounded) * kept["present"]
            rounded.assign(self.advance(kept, change) * kept["present"])
            matrix.variable.assign(matrix.restored(rounded))
