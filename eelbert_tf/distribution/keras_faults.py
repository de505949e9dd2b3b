"""Faults of Keras 3.15 under `tf.distribute`, met here and nowhere else.

- `fit` takes the mean over the replicas of the first batch, and strings have none; with several
  workers it reduces the scalars of a step along an axis that they lack.
  https://github.com/keras-team/keras/issues/20585
- An optimizer clips the gradients of each replica before it adds them up: the sum is not the
  clipped gradient of the whole batch. https://github.com/tensorflow/tensorflow/issues/33929

Other versions of Keras are left as they are; the tests tell whether they need this.
"""

import keras


def is_faulty(version=None):
    """Whether a version of Keras, the installed one unless given, has these faults."""
    return (version or keras.__version__).split(".")[:2] == ["3", "15"]


class FitUnderStrategy:
    """Mixed into a `keras.Model`, it makes `fit` and `evaluate` work under `tf.distribute`.

    Example:

    ```python
    class StringModel(FitUnderStrategy, keras.Model):
        pass

    with tf.distribute.MirroredStrategy().scope():
        model = StringModel(inputs, outputs)  # `inputs` may be strings
        model.compile("adam", "mse", jit_compile=False)
    model.fit(dataset)
    ```
    """

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        strategy = self._distribute_strategy
        if strategy is None or iterator is None or not is_faulty():
            return super()._maybe_symbolic_build(iterator, data_batch)
        _, _, batches = next(iter(iterator))
        first = keras.tree.map_structure(
            lambda value: strategy.experimental_local_results(value)[0], next(batches)
        )
        with strategy.scope():
            self._symbolic_build(data_batch=first)
        return None

    def _make_function(self, step_function, **options):
        if keras.config.backend() == "tensorflow" and is_faulty():
            step_function = _with_axis(step_function, self.distribute_strategy)
        return super()._make_function(step_function, **options)


def _with_axis(step, strategy):
    import tensorflow as tf

    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return step
    return lambda data: tf.nest.map_structure(lambda scalar: scalar[None], step(data))


def add_up_before_clipping(optimizer):
    """Let an optimizer add up the gradients of all replicas, then clip the sum. In place.

    Args:
        optimizer: Keras optimizer of the TensorFlow backend, made in a strategy's scope.
    """
    if not is_faulty():
        return
    import tensorflow as tf

    clip = optimizer._clip_gradients

    def clipped(gradients):
        context = tf.distribute.get_replica_context()
        return clip(context.all_reduce(tf.distribute.ReduceOp.SUM, gradients))

    optimizer._clip_gradients = clipped
    optimizer._all_reduce_sum_gradients = lambda pairs: pairs
