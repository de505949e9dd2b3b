"""`BucketEmbedding`: trained vectors of n-grams, several of which share a row of one table."""

import math

import keras
from keras import ops

from eelbert_tf.layers.serialization import register


@register
class BucketEmbedding(keras.layers.Layer):
    """The vectors of each word's n-grams, added up and mapped to the encoder's width.

    As in fastText (Bojanowski et al., 2017, arXiv 1607.04606), n-grams are hashed into a fixed
    number of rows, so that the table's size is free to choose and no word is unknown.

    Args:
        bucket_count: int. Rows of the table.
        bucket_dim: int. Width of the table.
        output_dim: int.

    Call arguments:
        signatures: int32 `(batch, sequence, n)`, not negative; 0 where there is no n-gram.

    Returns:
        `(batch, sequence, output_dim)`.

    Example:

    >>> layer = BucketEmbedding(bucket_count=32, bucket_dim=4, output_dim=8)
    >>> layer(np.array([[[7, 9, 0]]])).shape
    TensorShape([1, 1, 8])
    """

    def __init__(self, bucket_count, bucket_dim, output_dim, **kwargs):
        super().__init__(**kwargs)
        if bucket_count < 1 or bucket_dim < 1:
            raise ValueError(
                "`bucket_count` and `bucket_dim` must be at least 1. Received: "
                f"bucket_count={bucket_count}, bucket_dim={bucket_dim}."
            )
        self.bucket_count, self.bucket_dim, self.output_dim = bucket_count, bucket_dim, output_dim
        self.projection = keras.layers.Dense(
            output_dim,
            use_bias=False,
            kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.1),
            dtype=self.dtype_policy,
            name="projection",
        )

    def build(self, input_shape):
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(self.bucket_count, self.bucket_dim),
            initializer=keras.initializers.RandomNormal(stddev=0.05),
            autocast=False,  # a GPU adds up gradients of rows in float32 much faster
        )
        self.projection.build((*input_shape[:-1], self.bucket_dim))
        self.built = True

    def call(self, signatures, training=None):
        places = ops.mod(signatures, self.bucket_count)
        if training and keras.config.backend() == "jax":
            # Most n-grams are absent. On a GPU their gradients, all 0, would queue up for one row.
            anywhere = ops.reshape(ops.arange(math.prod(signatures.shape)), signatures.shape)
            places = ops.where(signatures == 0, ops.mod(anywhere, self.bucket_count), places)
        rows = ops.cast(ops.take(self.embeddings, places, axis=0), self.compute_dtype)
        present = ops.cast(ops.not_equal(signatures, 0), rows.dtype)  # (batch, sequence, n)
        total = ops.sum(rows * present[..., None], axis=-2)
        # A sum of n rows is about sqrt(n) times as long as one.
        count = ops.maximum(ops.sum(present, axis=-1, keepdims=True), 1.0)
        return self.projection(total / ops.sqrt(count))

    def compute_output_spec(self, signatures, training=None):
        return keras.KerasTensor((*signatures.shape[:-1], self.output_dim), self.compute_dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "bucket_count": self.bucket_count,
            "bucket_dim": self.bucket_dim,
            "output_dim": self.output_dim,
        }
