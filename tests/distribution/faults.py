"""What Keras does under a strategy with and without `keras_faults`."""

from unittest import mock

from eelbert_tf.distribution import keras_faults
from tests.distribution.runs import losses_of_strings


def with_and_without(scope):
    """The error of `fit` on strings without the repair, and how far a clipped step goes.

    Args:
        scope: function that gives the scope of a strategy of two replicas.
    """
    repaired = length_of_step(scope)
    with mock.patch.object(keras_faults, "is_faulty", lambda: False):
        return {
            "unrepaired_fit": error_of_fit(scope),
            "unrepaired_length": length_of_step(scope),
            "length": repaired,
        }


def error_of_fit(scope):
    try:
        losses_of_strings(scope)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def length_of_step(scope):
    """Of a step down a gradient whose norm is clipped to 1."""
    import keras
    import tensorflow as tf

    with scope():
        strategy = tf.distribute.get_strategy()
        variable = keras.Variable([0.0])
        optimizer = keras.optimizers.SGD(1.0, global_clipnorm=1.0)
        optimizer.build([variable])
    keras_faults.add_up_before_clipping(optimizer)

    @tf.function(autograph=False)
    def step():
        strategy.run(lambda: optimizer.apply([tf.constant([8.0])], [variable]))

    step()
    return float(-variable.numpy()[0])
