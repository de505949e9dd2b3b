import keras
import keras_hub
import numpy as np
import pytest

from eelbert_tf.embedding_compression.autoencoder import AutoencoderConfig, train_autoencoder
from eelbert_tf.embedding_compression.backbone import freeze_factors, token_table, with_factors
from eelbert_tf.embedding_compression.svd import svd_factors
from eelbert_tf.errors import UserError
from tests import toy

INPUTS = {
    "token_ids": np.array([[2, 5, 6, 3, 0], [2, 7, 3, 0, 0]], "int32"),
    "padding_mask": np.array([[1, 1, 1, 1, 0], [1, 1, 1, 0, 0]], "int32"),
    "segment_ids": np.zeros((2, 5), "int32"),
}


@pytest.fixture(scope="module")
def backbone(bert):
    return keras_hub.models.BertBackbone.from_preset(str(bert))


def outputs(model):
    return np.asarray(model(INPUTS, training=False)["sequence_output"])


def test_at_full_rank_the_model_is_the_same(backbone):
    compact = with_factors(backbone, svd_factors(token_table(backbone), 16))
    assert compact.token_rank == 16
    np.testing.assert_allclose(outputs(compact), outputs(backbone), atol=1e-4)


@pytest.mark.parametrize("activation", ["linear", "elu"])
def test_the_model_reads_the_table_that_the_factors_stand_for(backbone, activation):
    config = AutoencoderConfig(activation=activation, epochs=2)
    factors = train_autoencoder(token_table(backbone), 5, config)
    compact = with_factors(backbone, factors)
    whole = keras_hub.models.BertBackbone.from_config(backbone.get_config())
    whole.set_weights(backbone.get_weights())
    whole.token_embedding.embeddings.assign(factors.table())
    np.testing.assert_allclose(outputs(compact), outputs(whole), atol=1e-4)
    assert not np.allclose(outputs(compact), outputs(backbone), atol=1e-2)
    np.testing.assert_allclose(token_table(compact), factors.table(), atol=1e-5)


def test_the_encoder_of_the_autoencoder_is_dropped(backbone):
    rows, dim = token_table(backbone).shape
    svd = with_factors(backbone, svd_factors(token_table(backbone), 5))
    assert svd.count_params() - backbone.count_params() == 5 * (rows + dim) + dim - rows * dim


def trained(backbone):
    """The factors after a step."""
    before = [np.asarray(w) for w in backbone.token_embedding.weights]
    model = keras.Model(backbone.input, backbone.output["sequence_output"])
    model.compile(keras.optimizers.SGD(0.1), "mse", run_eagerly=True)
    model.fit(INPUTS, np.ones((2, 5, 16)), verbose=0)
    after = [np.asarray(w) for w in backbone.token_embedding.weights]
    return [not np.array_equal(old, new) for old, new in zip(before, after)]


def test_both_factors_learn_whoever_made_them_unless_they_are_frozen(backbone):
    table = token_table(backbone)
    for factors in (
        svd_factors(table, 5),
        train_autoencoder(table, 5, AutoencoderConfig(epochs=1)),
    ):
        assert trained(with_factors(backbone, factors)) == [True, True, True]
    frozen = with_factors(backbone, svd_factors(table, 5))
    freeze_factors(frozen)
    assert trained(frozen) == [False, False, False]
    half = with_factors(backbone, svd_factors(table, 5))
    freeze_factors(half, decoder=False)
    assert trained(half) == [False, True, True]


def test_a_whole_table_cannot_be_frozen_as_factors(backbone):
    with pytest.raises(UserError, match="Received: a whole table"):
        freeze_factors(backbone)


def test_what_has_no_table():
    with pytest.raises(UserError, match="EELBERT has no token table.*hashes and stores none"):
        token_table(toy.backbone())
    other = keras.Sequential([keras.layers.Dense(2)])
    with pytest.raises(UserError, match="one of BertBackbone, Compact.*XLMRoberta.*Sequential"):
        token_table(other)
