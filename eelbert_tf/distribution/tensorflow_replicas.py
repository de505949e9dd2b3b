"""Training steps on replicas of `tf.distribute`; on one device, where there is no strategy.

`keras.Model.fit` cannot do this with several workers (see `keras_faults`), and its data would not
go on in the middle of an epoch. So each replica takes its rows of a batch that follows from the
step alone, and Keras' own `train_step` and optimizer do the rest.
"""

import tensorflow as tf

from eelbert_tf.distribution.keras_faults import add_up_before_clipping
from eelbert_tf.errors import UserError

# What operations raise in this process where another one has stopped.
_LOST = (
    tf.errors.UnavailableError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
    tf.errors.FailedPreconditionError,
    tf.errors.InternalError,
)


class TensorFlowReplicas:
    """What the training loop asks of devices.

    Args:
        strategy: `tf.distribute.Strategy`; one device unless given.
        cluster: `cluster.Cluster`, where there are several workers.

    Attributes:
        count: int. Replicas, which share each batch.
        is_chief: bool. Whether this process writes files and reports.
    """

    def __init__(self, strategy=None, cluster=None):
        self._strategy = strategy or tf.distribute.get_strategy()
        self._cluster = cluster
        self.count = self._strategy.num_replicas_in_sync
        self.is_chief = cluster is None or cluster.is_chief
        workers = len(cluster.addresses) if cluster else 1
        local = self.count // workers
        first = local * (cluster.index if cluster else 0)
        self._own = range(first, first + local)

    def scope(self):
        """Models and optimizers are made in it."""
        return self._strategy.scope()

    def wait(self):
        """Wait until all workers are here.

        Raises:
            UserError: another worker has stopped.
        """
        if self._cluster:
            self._told(tf.function(self._meet, autograph=False))

    def _meet(self):
        here = self._strategy.run(lambda: tf.constant(1.0))
        return self._strategy.reduce(tf.distribute.ReduceOp.SUM, here, axis=None)

    def placed(self, part_of):
        """The parts of a batch that this process computes.

        Args:
            part_of: function of `(index, count)` that gives a part of a batch; see `parts.part`.
        """
        return [part_of(index, self.count) for index in self._own]

    def step_function(self, model, placed):
        """A function of what `placed` gives: it trains once and gives the losses by name.

        It is traced once for all lengths: a graph for each length would round otherwise, and a run
        that goes on would not end where an unbroken one does.

        Raises:
            UserError: another worker has stopped.
        """
        if tf.distribute.has_strategy():
            add_up_before_clipping(model.optimizer)
            model._symbolic_build(data_batch=placed[0])  # as `fit`: metrics are no part of a graph
        strategy, own = self._strategy, self._own
        signature = tf.nest.map_structure(_any_length, tuple(placed[0]))

        def step(*parts):
            batch = parts[0]
            if len(own) > 1:
                batch = strategy.experimental_distribute_values_from_function(
                    lambda context: parts[context.replica_id_in_sync_group - own.start]
                )
            logs = strategy.run(lambda part: model.train_step(part), args=(batch,))
            return {
                name: strategy.reduce(tf.distribute.ReduceOp.MEAN, value, axis=None)
                for name, value in logs.items()
            }

        compiled = tf.function(step, input_signature=[signature] * len(own), autograph=False)
        if self._cluster is None:
            return lambda parts: compiled(*parts)
        return lambda parts: self._told(compiled, *parts)

    def _told(self, function, *parts):
        try:
            return tf.nest.map_structure(lambda loss: loss.numpy(), function(*parts))
        except _LOST as error:
            raise UserError(
                f"Worker {self._cluster.index} of {len(self._cluster.addresses)} stopped, since "
                "another worker stopped or cannot be reached. Start all workers again: they go on "
                f"from the last checkpoint. TensorFlow says: {error.message[:300]}"
            ) from error


def _any_length(array):
    return tf.TensorSpec([None] * min(array.ndim, 2) + list(array.shape[2:]), array.dtype)
