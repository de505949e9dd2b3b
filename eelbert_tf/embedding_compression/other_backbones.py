"""BERT's kin in KerasHub with factors in place of their token tables."""

import keras
import keras_hub

from eelbert_tf.layers.factorized_embedding import FactorizedEmbedding
from eelbert_tf.layers.factorized_token_and_position_embedding import (
    FactorizedTokenAndPositionEmbedding,
)

OTHER_BACKBONES = (
    "AlbertBackbone",
    "DistilBertBackbone",
    "ElectraBackbone",
    "FNetBackbone",
    "RobertaBackbone",
    "XLMRobertaBackbone",
)


def is_other(backbone):
    """Whether a backbone is one of `OTHER_BACKBONES`."""
    return isinstance(backbone, tuple(getattr(keras_hub.models, name) for name in OTHER_BACKBONES))


def rebuilt_with_factors(backbone, factors):
    """A functional model like a backbone, its token table factorised.

    KerasHub's classes have no such setting, so the copy is a plain model without preset: save it as
    `.keras`.

    Args:
        backbone: one of `OTHER_BACKBONES`.
        factors: `Factors`.

    Returns:
        `keras.Model` with the backbone's inputs and outputs, and `token_embedding`.
    """
    size, dim = len(factors.latent), factors.kernel.shape[1]

    def copied(layer):
        if layer is backbone.token_embedding:
            shape = (size, factors.rank, dim, factors.activation)
            return FactorizedEmbedding(*shape, name=layer.name, dtype=layer.dtype_policy)
        if _holds_table(layer):
            shape = (size, layer.sequence_length, dim, factors.rank, factors.activation)
            return FactorizedTokenAndPositionEmbedding(
                *shape, name=layer.name, dtype=layer.dtype_policy
            )
        return type(layer).from_config(layer.get_config())

    model = keras.models.clone_model(backbone, clone_function=copied)
    for layer in model.layers:
        source = backbone.get_layer(layer.name)
        if _holds_table(source):
            layer.position_embedding.set_weights(source.position_embedding.get_weights())
            model.token_embedding = layer.token_embedding
        elif source is backbone.token_embedding:
            model.token_embedding = layer
        else:
            layer.set_weights(source.get_weights())
    model.token_embedding.set_weights(factors.weights)
    return model


def _holds_table(layer):
    return isinstance(layer, keras_hub.layers.TokenAndPositionEmbedding)
