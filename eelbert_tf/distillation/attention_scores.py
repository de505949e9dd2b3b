"""How much each place looks at each other one, before the softmax."""

import keras
from keras import ops


def attention_scores(layer, x):
    """The scores of a Transformer layer's attention, before its mask and the softmax.

    Args:
        layer: `keras_hub.layers.TransformerEncoder`, built, whose normalizations stand behind its
            parts as BERT's do; or a layer with a method `attention_scores(x)` of its own.
        x: float `(batch, sequence, hidden_dim)`, the layer's input.

    Returns:
        float `(batch, heads, from, to)`: products of queries and keys over the root of their width.

    Example:

    >>> import keras_hub, numpy as np
    >>> layer = keras_hub.layers.TransformerEncoder(intermediate_dim=8, num_heads=2)
    >>> x = layer(np.ones((1, 3, 4)))
    >>> attention_scores(layer, x).shape
    TensorShape([1, 2, 3, 3])
    """
    if hasattr(layer, "attention_scores"):
        return layer.attention_scores(x)
    attention = layer._self_attention_layer
    queries, keys = attention._query_dense(x), attention._key_dense(x)
    scale = queries.shape[-1] ** -0.5
    return ops.einsum("bfhd,bthd->bhft", queries * scale, keys)


class FlatAttentionScores(keras.layers.Layer):
    """`attention_scores` of a layer, as a loss takes them.

    Args:
        layer: as of `attention_scores`.
        mean_over_heads: bool.

    Returns:
        float `(batch, heads * from * to, 1)`; one head where the mean is taken.
    """

    def __init__(self, layer, mean_over_heads=False, **kwargs):
        super().__init__(dtype=layer.dtype_policy, **kwargs)
        self.layer, self.mean_over_heads = layer, mean_over_heads

    def call(self, x):
        scores = attention_scores(self.layer, x)
        if self.mean_over_heads:
            scores = ops.mean(scores, axis=1)
        return ops.reshape(scores, (ops.shape(x)[0], -1, 1))
