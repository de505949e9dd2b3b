"""KerasHub's kin of BERT, whose classes know no factors."""

import keras
import keras_hub
import numpy as np
import pytest

from eelbert_tf.embedding_compression.backbone import freeze_factors, token_table, with_factors
from eelbert_tf.embedding_compression.factors import Factors
from eelbert_tf.embedding_compression.other_backbones import OTHER_BACKBONES
from eelbert_tf.embedding_compression.svd import svd_factors
from tests import toy

SHAPE = {
    "num_layers": 1,
    "num_heads": 2,
    "hidden_dim": 8,
    "intermediate_dim": 8,
    "dropout": 0.0,
    "max_sequence_length": 12,
}
WORDS = {
    "AlbertBackbone": {"vocabulary_size": 50, "embedding_dim": 6},
    "ElectraBackbone": {"vocab_size": 50, "embedding_dim": 6},
}


def made(name):
    shape = {**SHAPE, **WORDS.get(name, {"vocabulary_size": 50})}
    if name == "FNetBackbone":
        del shape["num_heads"]
    return toy.with_random_weights(getattr(keras_hub.models, name)(**shape))


def outputs(model):
    x = {name: np.ones((2, 5), "int32") for name in model.input}
    x["token_ids"] = np.arange(10, dtype="int32").reshape(2, 5)
    answers = model(x, training=False)
    answers = answers["sequence_output"] if isinstance(answers, dict) else answers
    return np.asarray(answers)


@pytest.mark.parametrize("name", OTHER_BACKBONES)
def test_full_rank_is_the_same_and_files_keep_the_model(name, tmp_path):
    backbone = made(name)
    table = token_table(backbone)
    same = with_factors(backbone, svd_factors(table, table.shape[1]))
    np.testing.assert_allclose(outputs(same), outputs(backbone), atol=1e-4)
    svd = svd_factors(table, 3)
    small = with_factors(backbone, Factors(*svd.weights, activation="elu"))
    assert not np.allclose(outputs(small), outputs(backbone), atol=1e-3)
    dim = table.shape[1]
    assert small.count_params() == backbone.count_params() - 50 * dim + 3 * (50 + dim) + dim
    small.save(tmp_path / "small.keras")
    loaded = keras.models.load_model(tmp_path / "small.keras")
    np.testing.assert_array_equal(outputs(loaded), outputs(small))
    freeze_factors(small)
    assert len(small.trainable_weights) == len(small.weights) - 3
