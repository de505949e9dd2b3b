"""From a trained backbone to the same with its encoder in factors."""

import dataclasses

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.decomposition.factors import EncoderShape, chosen_factors
from eelbert_tf.decomposition.matrices import check_plain, fill, stacked
from eelbert_tf.decomposition.product import decomposed
from eelbert_tf.models import CompactBertBackbone, EelbertBackbone


def decompose(backbone, factors, seed=0):
    """Decompose the encoder of a backbone; all other layers are copied.

    Args:
        backbone: `EelbertBackbone`, `keras_hub.models.BertBackbone` or `CompactBertBackbone`.
        factors: `EncoderFactors`.
        seed: int.

    Returns:
        `EelbertBackbone`, or `CompactBertBackbone` of a BERT.

    Raises:
        UserError: the ranks are out of range, or the encoder is decomposed already.

    Example:

    ```python
    small = decompose(bert, EncoderFactors("IV", rank=47, bank=12))
    ```
    """
    shape = EncoderShape.of(backbone)
    factors.check(shape)
    check_plain(backbone.transformer_layers)
    product = decomposed(stacked(backbone.transformer_layers, shape.pieces), factors, seed)
    result = _with_factors(backbone, dataclasses.asdict(factors))
    fill(result.transformer_layers, backbone.transformer_layers, product)
    return result


def compress(source, run, data, seed, report, protocol, rank, bank, ratio):
    """The method of `eelbert compress`; see `compress_preset`."""
    shape = EncoderShape.of(source.backbone)
    factors = chosen_factors(shape, protocol, rank, bank, ratio)
    return EncoderPreset(decompose(source.backbone, factors, seed), source.tokenizer)


def _with_factors(backbone, encoder_factors):
    if not isinstance(backbone, EelbertBackbone):
        return CompactBertBackbone.from_bert(backbone, encoder_factors=encoder_factors)
    config = {**backbone.get_config(), "encoder_factors": encoder_factors}
    result = EelbertBackbone.from_config(config)
    for layer in result.layers:
        if layer not in result.transformer_layers:
            layer.set_weights(backbone.get_layer(layer.name).get_weights())
    return result
