"""`FactorizedTokenAndPositionEmbedding`: RoBERTa's and DistilBERT's embeddings, factorised."""

import keras
import keras_hub

from eelbert_tf.layers.factorized_embedding import FactorizedEmbedding
from eelbert_tf.layers.serialization import register


@register
class FactorizedTokenAndPositionEmbedding(keras.layers.Layer):
    """A `FactorizedEmbedding` of tokens and KerasHub's `PositionEmbedding`, added.

    It stands where `keras_hub.layers.TokenAndPositionEmbedding` stood.

    Args:
        vocabulary_size, sequence_length, embedding_dim: int, as there.
        rank: int. Width of the latent table.
        activation: str, "linear" or "elu", between latent table and decoder.

    Call arguments:
        inputs: int `(batch, sequence)`.

    Returns:
        `(batch, sequence, embedding_dim)`.

    Example:

    >>> layer = FactorizedTokenAndPositionEmbedding(50, 8, 4, rank=2)
    >>> layer(np.zeros((1, 3), "int32")).shape
    TensorShape([1, 3, 4])
    """

    def __init__(
        self,
        vocabulary_size,
        sequence_length,
        embedding_dim,
        rank,
        activation="linear",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.vocabulary_size, self.sequence_length = vocabulary_size, sequence_length
        self.embedding_dim, self.rank, self.activation = embedding_dim, rank, activation
        self.token_embedding = FactorizedEmbedding(
            vocabulary_size,
            rank,
            embedding_dim,
            activation,
            dtype=self.dtype_policy,
            name="token_embedding",
        )
        self.position_embedding = keras_hub.layers.PositionEmbedding(
            sequence_length=sequence_length, dtype=self.dtype_policy, name="position_embedding"
        )

    def build(self, input_shape):
        self.token_embedding.build(input_shape)
        self.position_embedding.build((*input_shape, self.embedding_dim))
        self.built = True

    def call(self, inputs):
        tokens = self.token_embedding(inputs)
        return tokens + self.position_embedding(tokens)

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.embedding_dim)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "sequence_length": self.sequence_length,
            "embedding_dim": self.embedding_dim,
            "rank": self.rank,
            "activation": self.activation,
        }
