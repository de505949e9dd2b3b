"""Tests of counts, and of the ranks that reach a ratio."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.decomposition.factors import (
    PROTOCOLS,
    EncoderFactors,
    EncoderShape,
    chosen_factors,
)
from eelbert_tf.errors import UserError

BASE = EncoderShape(12, 768, 3072)
# All of `keras_hub.models.BertBackbone` but its Transformer layers and token table: positions,
# segments, normalization, pooler.
AROUND_BASE = 512 * 768 + 2 * 768 + 2 * 768 + 768 * 768 + 768


@pytest.mark.parametrize(
    "factors, parameters",
    [
        (EncoderFactors("IV", 384, 72), 12_323_712),  # 12.32 M
        (EncoderFactors("IV", 256, 36), 3_864_384),  # 3.86 M
        (EncoderFactors("IV", 128, 36), 1_898_304),  # 1.90 M
        (EncoderFactors("III", 64), 1_794_816),  # 1.795 M
    ],
)
def test_the_papers_counts_are_those_of_berts_without_the_token_table(factors, parameters):
    assert factors.parameters(BASE) + AROUND_BASE == parameters


def test_a_plain_encoder_counts_as_bert_base_does():
    assert BASE.matrices == 144
    assert BASE.parameters + AROUND_BASE == 86_041_344


def test_factors_of_each_matrix():
    shape = EncoderShape(1, 8, 8)  # 6 matrices
    assert EncoderFactors("II", 2).parameters(shape) == 6 * (8 * 2 + 2 * 2 + 2 * 8) + 80


shapes = st.builds(
    lambda layers, width, pieces: EncoderShape(layers, width, width * pieces),
    st.integers(1, 4),
    st.sampled_from([8, 16, 32]),
    st.integers(1, 4),
)


@given(shapes, st.sampled_from(PROTOCOLS), st.floats(1.0, 4.0))
def test_the_largest_rank_of_a_ratio(shape, protocol, ratio):
    try:
        factors = chosen_factors(shape, protocol, ratio=ratio)
    except UserError as error:
        assert "`ratio` must be at most" in str(error)
        return
    assert factors.parameters(shape) * ratio <= shape.parameters
    if factors.rank < shape.hidden_dim:
        larger = chosen_factors(shape, protocol, rank=factors.rank + 1)
        assert larger.parameters(shape) * ratio > shape.parameters


@pytest.mark.parametrize(
    "settings, saying",
    [
        ({"rank": 257}, "`rank` must be from 1 to 256 for 48 matrices of 256 x 256"),
        ({"rank": 0}, "Received: rank=0"),
        ({"rank": 8, "bank": 49}, "`bank` must be from 1 to 48"),
        ({"rank": 2, "bank": 5}, "`bank` must be from 1 to 4"),
        ({"rank": 8, "bank": 4, "protocol": "III"}, "Protocol III has no `bank`"),
        ({"rank": 8, "protocol": "V"}, "`protocol` must be one of II, III, IV"),
        ({}, "either `rank` or `ratio`. Received: rank=None, ratio=None"),
        ({"rank": 8, "ratio": 7.0}, "either `rank` or `ratio`"),
        ({"ratio": 0.5}, "`ratio` must be at least 1. Received: ratio=0.5"),
        ({"ratio": 1e6}, "`ratio` must be at most 22"),
        ({"ratio": 1e6, "bank": 9}, "with a bank of 9"),
    ],
)
def test_what_is_refused(settings, saying):
    with pytest.raises(UserError, match=saying):
        chosen_factors(EncoderShape(4, 256, 1024), **settings)


def test_protocol_four_needs_a_bank():
    with pytest.raises(UserError, match="Protocol IV needs a `bank`. Received: bank=None"):
        EncoderFactors("IV", 8)


def test_matrices_that_cannot_be_cut_into_squares():
    with pytest.raises(UserError, match="multiple of `hidden_dim`.*intermediate_dim=24, hidden"):
        chosen_factors(EncoderShape(1, 16, 24), rank=4)
