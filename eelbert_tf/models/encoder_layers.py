"""The Transformer layers of every encoder here, and what BERT's layers have in common."""

import keras
import keras_hub

from eelbert_tf.decomposition.factors import EncoderFactors, EncoderShape
from eelbert_tf.layers.decomposed_transformer_encoder import DecomposedTransformerEncoder
from eelbert_tf.layers.shared_factors import SharedFactors


def initializer():
    """BERT's weight initializer."""
    return keras.initializers.TruncatedNormal(stddev=0.02)


def gelu(x):
    """The tanh form of GELU: original BERT's, and convertible to every runtime."""
    return keras.activations.gelu(x, approximate=True)


def encoder_layers(
    num_layers, num_heads, hidden_dim, intermediate_dim, dropout, dtype=None, factors=None
):
    """BERT's Transformer layers, named `transformer_layer_0` and on.

    Args:
        num_layers: int.
        num_heads: int. Attention heads of each.
        hidden_dim: int. Width of the encoder.
        intermediate_dim: int. Width of the feed-forward part.
        dropout: float.
        dtype: dtype or policy of the computation.
        factors: dict of the arguments of `EncoderFactors`, for layers whose matrices are in
            factors; or None.

    Returns:
        A list of layers, called as `layer(x, padding_mask=..., attention_mask=...)`.

    Raises:
        ValueError: `hidden_dim` is not divisible by `num_heads`, or the factors do not fit.

    Example:

    >>> [layer.name for layer in encoder_layers(2, 2, 8, 16, dropout=0.1)]
    ['transformer_layer_0', 'transformer_layer_1']
    """
    if hidden_dim % num_heads:
        raise ValueError(
            "`hidden_dim` must be divisible by `num_heads`. "
            f"Received: hidden_dim={hidden_dim}, num_heads={num_heads}."
        )
    layer_class, of_factors = keras_hub.layers.TransformerEncoder, {}
    if factors is not None:
        factors = EncoderFactors(**factors)
        factors.check(EncoderShape(num_layers, hidden_dim, intermediate_dim))
        shared = None
        if factors.protocol != "II":
            shared = SharedFactors(
                hidden_dim, factors.rank, factors.bank, dtype=dtype, name="encoder_factors"
            )
        layer_class = DecomposedTransformerEncoder
        of_factors = {"rank": factors.rank, "shared": shared}
    return [
        layer_class(
            intermediate_dim=intermediate_dim,
            num_heads=num_heads,
            dropout=dropout,
            activation=gelu,
            layer_norm_epsilon=1e-12,
            kernel_initializer=initializer(),
            dtype=dtype,
            name=f"transformer_layer_{index}",
            **of_factors,
        )
        for index in range(num_layers)
    ]
