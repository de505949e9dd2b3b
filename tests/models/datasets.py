"""`tf.data` pipelines of little texts."""

import tensorflow as tf


def dataset(*elements, batch_size=8):
    return tf.data.Dataset.from_tensor_slices(elements).batch(batch_size)
