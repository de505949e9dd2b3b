"""BERT's layers between token vectors and encoder, for every encoder here."""

import keras
import keras_hub

from eelbert_tf.models.encoder_layers import initializer


def add_embedding_layers(
    backbone, hidden_dim, max_sequence_length, num_segments, dropout, dtype=None
):
    """Make the layers that add positions and segments to token vectors, as attributes.

    They are `position_embedding`, `segment_embedding`, `embeddings_add`, `embeddings_layer_norm`
    and `embeddings_dropout`, as in KerasHub's `BertBackbone`.

    Args:
        backbone: the object that gets them.
        hidden_dim: int. Width of the encoder.
        max_sequence_length: int.
        num_segments: int.
        dropout: float.
        dtype: dtype or policy of the computation.
    """
    backbone.position_embedding = keras_hub.layers.PositionEmbedding(
        sequence_length=max_sequence_length,
        initializer=initializer(),
        dtype=dtype,
        name="position_embedding",
    )
    backbone.segment_embedding = keras.layers.Embedding(
        num_segments,
        hidden_dim,
        embeddings_initializer=initializer(),
        dtype=dtype,
        name="segment_embedding",
    )
    backbone.embeddings_add = keras.layers.Add(dtype=dtype, name="embeddings_add")
    backbone.embeddings_layer_norm = keras.layers.LayerNormalization(
        epsilon=1e-12, dtype=dtype, name="embeddings_layer_norm"
    )
    backbone.embeddings_dropout = keras.layers.Dropout(
        dropout, dtype=dtype, name="embeddings_dropout"
    )
