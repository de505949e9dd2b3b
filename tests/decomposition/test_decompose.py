"""Tests of backbones whose encoders are decomposed."""

import dataclasses

import keras_hub
import numpy as np
import pytest

from eelbert_tf.decomposition.decompose import decompose
from eelbert_tf.decomposition.factors import EncoderFactors, EncoderShape
from eelbert_tf.decomposition.matrices import stacked
from eelbert_tf.decomposition.product import decomposed
from eelbert_tf.errors import UserError
from eelbert_tf.models import CompactBertBackbone, EelbertBackbone
from eelbert_tf.models.summary import summary_rows
from tests import toy

# All matrices: 2 layers of 4 + 2 * 2.
FULL = [EncoderFactors("II", 16), EncoderFactors("III", 16), EncoderFactors("IV", 16, 16)]
SMALL = [EncoderFactors("II", 2), EncoderFactors("III", 4), EncoderFactors("IV", 4, 3)]
BERT_INPUTS = {
    "token_ids": np.arange(12).reshape(2, 6),
    "padding_mask": np.array([[1] * 6, [1] * 4 + [0] * 2]),
    "segment_ids": np.zeros((2, 6), "int32"),
}


@pytest.fixture(scope="module")
def backbone():
    return toy.with_random_weights(toy.backbone(num_layers=2, intermediate_dim=32))


@pytest.fixture(scope="module")
def bert():
    bert = keras_hub.models.BertBackbone(20, 2, 2, 16, 32, dropout=0.0, max_sequence_length=8)
    return toy.with_random_weights(bert)


@pytest.fixture(scope="module")
def inputs():
    return toy.preprocessor()(toy.TEXTS[:3])


@pytest.mark.parametrize("factors", FULL, ids=lambda factors: factors.protocol)
def test_full_ranks_compute_what_the_plain_encoder_does(factors, backbone, bert, inputs):
    result = decompose(backbone, factors)
    np.testing.assert_allclose(result(inputs), backbone(inputs), atol=1e-4)
    result = decompose(bert, factors)
    for name, expected in bert(BERT_INPUTS).items():
        np.testing.assert_allclose(result(BERT_INPUTS)[name], expected, atol=1e-4)


@pytest.mark.parametrize("factors", SMALL, ids=lambda factors: factors.protocol)
def test_small_ranks_compute_with_the_products(factors, backbone, inputs):
    result = decompose(backbone, factors)
    shape = EncoderShape.of(backbone)
    less = shape.parameters - factors.parameters(shape)
    assert result.count_params() == backbone.count_params() - less
    assert sum(row["parameters"] for row in summary_rows(result)) == result.count_params()
    # The same products multiplied out, in plain layers.
    products = decomposed(stacked(backbone.transformer_layers, 2), factors).matrices()
    plain = EelbertBackbone.from_config(backbone.get_config())
    plain.set_weights(backbone.get_weights())
    for layer, own in zip(plain.transformer_layers, np.split(products, 2)):
        attention = layer._self_attention_layer
        for name, matrix in zip(("query", "key", "value", "output"), own):
            kernel = getattr(attention, f"_{name}_dense").kernel
            kernel.assign(matrix.reshape(kernel.shape))
        layer._feedforward_intermediate_dense.kernel.assign(np.concatenate(own[4:6], axis=1))
        layer._feedforward_output_dense.kernel.assign(np.concatenate(own[6:8], axis=0))
    np.testing.assert_allclose(result(inputs), plain(inputs), atol=1e-4)


def test_presets_keep_the_factors_once(backbone, bert, inputs, tmp_path):
    result = decompose(backbone, SMALL[2])
    result.save_to_preset(str(tmp_path / "eelbert"))
    # Shared factors are not written for each layer again.
    size = (tmp_path / "eelbert" / "model.weights.h5").stat().st_size
    backbone.save_to_preset(str(tmp_path / "plain"))
    assert size < (tmp_path / "plain" / "model.weights.h5").stat().st_size
    loaded = EelbertBackbone.from_preset(tmp_path / "eelbert")
    assert loaded.encoder_factors == {"protocol": "IV", "rank": 4, "bank": 3}
    assert (np.asarray(loaded(inputs)) == np.asarray(result(inputs))).all()
    result = decompose(bert, SMALL[1])
    result.save_to_preset(str(tmp_path / "bert"))
    loaded = CompactBertBackbone.from_preset(str(tmp_path / "bert"))
    answers = [model(BERT_INPUTS)["sequence_output"] for model in (result, loaded)]
    assert (np.asarray(answers[0]) == np.asarray(answers[1])).all()


@pytest.mark.parametrize("factors", SMALL, ids=lambda factors: factors.protocol)
def test_bfloat16(factors, inputs):
    settings = {"encoder_factors": dataclasses.asdict(factors), "num_layers": 2}
    backbone = toy.backbone(dtype="bfloat16", intermediate_dim=32, **settings)
    outputs = backbone(inputs)
    assert outputs.dtype == "bfloat16"
    assert np.isfinite(np.asarray(outputs, "float32")).all()


def test_what_cannot_be_decomposed(backbone):
    with pytest.raises(UserError, match="decomposed already. Decompose the encoder that it was"):
        decompose(decompose(backbone, SMALL[0]), SMALL[0])
    with pytest.raises(UserError, match="`rank` must be from 1 to 16"):
        decompose(backbone, EncoderFactors("III", 17))
    odd = toy.backbone(intermediate_dim=24)
    with pytest.raises(UserError, match="multiple of `hidden_dim`"):
        decompose(odd, SMALL[1])
    with pytest.raises(UserError, match="`rank` must be from 1 to 16"):
        toy.backbone(encoder_factors={"protocol": "III", "rank": 17})
