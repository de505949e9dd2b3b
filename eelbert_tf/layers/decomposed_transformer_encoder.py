"""`DecomposedTransformerEncoder`: a Transformer layer whose matrices are in factors."""

import keras
import keras_hub
from keras import ops

from eelbert_tf.layers.decomposed_dense import DecomposedDense
from eelbert_tf.layers.decomposed_self_attention import DecomposedSelfAttention
from eelbert_tf.layers.serialization import register


@register
class DecomposedTransformerEncoder(keras_hub.layers.TransformerEncoder):
    """KerasHub's `TransformerEncoder`, all of its matrices products `U S_j V`.

    Source of the method: Ren et al., 2022, arXiv 2205.10036. Biases and normalizations are as in
    the plain layer; no matrix of H x H is ever computed.

    Args:
        rank: int. Width between the factors.
        shared: `SharedFactors` of the whole encoder (protocols III and IV), or None (II).
        intermediate_dim: int, a multiple of the width H.
        **kwargs: as in `keras_hub.layers.TransformerEncoder`.

    Call arguments:
        inputs: `(batch, sequence, H)`.
        padding_mask: `(batch, sequence)` or None.
        attention_mask: `(batch, sequence, sequence)` or None.

    Returns:
        `(batch, sequence, H)`.

    Example:

    >>> import numpy as np
    >>> layer = DecomposedTransformerEncoder(rank=2, intermediate_dim=32, num_heads=2)
    >>> layer(np.zeros((1, 3, 8))).shape
    TensorShape([1, 3, 8])
    """

    def __init__(self, rank, shared=None, **kwargs):
        super().__init__(**kwargs)
        self.rank = rank
        self.shared = shared

    def build(self, inputs_shape):
        hidden_dim = inputs_shape[-1]
        pieces = self.intermediate_dim // hidden_dim
        settings = {"rank": self.rank, "shared": self.shared, "dtype": self.dtype_policy}
        # Named as in the plain layer.
        self._self_attention_layer = DecomposedSelfAttention(
            self.num_heads, dropout=self.dropout, name="self_attention_layer", **settings
        )
        self._feedforward_intermediate_dense = DecomposedDense(
            output_pieces=pieces,
            activation=self.activation,
            name="feedforward_intermediate_dense",
            **settings,
        )
        self._feedforward_output_dense = DecomposedDense(
            input_pieces=pieces, name="feedforward_output_dense", **settings
        )
        self._self_attention_layer_norm = self._layer_norm("self_attention_layer_norm")
        self._feedforward_layer_norm = self._layer_norm("feedforward_layer_norm")
        self._self_attention_dropout = self._dropout("self_attention_dropout")
        self._feedforward_dropout = self._dropout("feedforward_dropout")
        self._feedforward_output_dense.build((*inputs_shape[:-1], self.intermediate_dim))
        for layer in (
            self._self_attention_layer,
            self._feedforward_intermediate_dense,
            self._self_attention_layer_norm,
            self._feedforward_layer_norm,
        ):
            layer.build(inputs_shape)
        self.built = True

    def call(
        self,
        inputs,
        padding_mask=None,
        attention_mask=None,
        training=None,
        return_attention_scores=False,
    ):
        mask = attention_mask
        if padding_mask is not None:
            mask = ops.cast(padding_mask, "int32")[:, None, :]
            if attention_mask is not None:
                mask = ops.minimum(mask, ops.cast(attention_mask, "int32"))
        x, scores = self._self_attention_layer(
            inputs, inputs, mask, training=training, return_attention_scores=True
        )
        x = self._self_attention_dropout(x, training=training)
        x = self._self_attention_layer_norm(x + inputs)
        inner = self._feedforward_intermediate_dense(x, mask)
        inner = self._feedforward_output_dense(inner, mask)
        inner = self._feedforward_dropout(inner, training=training)
        x = self._feedforward_layer_norm(x + inner)
        return (x, scores) if return_attention_scores else x

    def attention_scores(self, x):
        """Scores before the softmax and its mask, `(batch, heads, from, to)`."""
        return self._self_attention_layer.attention_scores(x)

    def _layer_norm(self, name):
        return keras.layers.LayerNormalization(
            epsilon=self.layer_norm_epsilon, dtype=self.dtype_policy, name=name
        )

    def _dropout(self, name):
        return keras.layers.Dropout(self.dropout, dtype=self.dtype_policy, name=name)

    def get_config(self):
        return {
            **super().get_config(),
            "rank": self.rank,
            "shared": keras.saving.serialize_keras_object(self.shared),
        }

    @classmethod
    def from_config(cls, config):
        shared = keras.saving.deserialize_keras_object(config["shared"])
        return cls(**{**config, "shared": shared})
