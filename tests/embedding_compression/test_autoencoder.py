import dataclasses

import numpy as np
import pytest

from eelbert_tf.embedding_compression.autoencoder import AutoencoderConfig, train_autoencoder
from eelbert_tf.embedding_compression.factors import row_measures
from eelbert_tf.embedding_compression.losses import ReconstructionLoss
from eelbert_tf.embedding_compression.svd import svd_factors
from eelbert_tf.errors import UserError

L2 = ReconstructionLoss(l2=1.0)
# For few rows: as many steps as thousands would bring.
LONG = {"epochs": 60, "batch_size": 8, "learning_rate": 1e-2, "halving_epochs": 10}


@pytest.fixture(scope="module")
def table():
    """Rows whose lengths differ widely, so that direction and L2 ask for different factors."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 8)) @ rng.normal(size=(8, 8))
    x[:20] = 15 * rng.normal(size=(20, 8))
    return (x / 10).astype("float32")


@pytest.fixture(scope="module")
def direction(table):
    return train_autoencoder(table, 4, AutoencoderConfig(**LONG))


def test_l2_comes_near_to_the_svd_and_never_below(table):
    config = AutoencoderConfig(L2, **LONG)
    own = row_measures(table, train_autoencoder(table, 4, config).table())["l2"]
    centred = table - table.mean(axis=0)
    best = (np.linalg.svd(centred, compute_uv=False)[4:] ** 2).sum() / len(table)
    assert best <= own < 1.1 * best


def test_direction_has_a_lower_cosine_distance_than_svd_and_a_higher_l2(table, direction):
    own = row_measures(table, direction.table())
    svd = row_measures(table, svd_factors(table, 4).table())
    assert own["cosine_distance"] < svd["cosine_distance"]
    assert own["l2"] > svd["l2"]


def test_the_same_seed_gives_the_same_factors_and_another_others(table):
    config = AutoencoderConfig(epochs=2)
    first, again = train_autoencoder(table, 4, config), train_autoencoder(table, 4, config)
    other = train_autoencoder(table, 4, dataclasses.replace(config, seed=1))
    np.testing.assert_array_equal(first.latent, again.latent)
    assert not np.allclose(first.table(), other.table())


def test_a_start_from_the_svd_begins_there(table):
    config = AutoencoderConfig(L2, start="svd", epochs=1, learning_rate=1e-9)
    factors = train_autoencoder(table, 4, config)
    np.testing.assert_allclose(factors.table(), svd_factors(table, 4).table(), atol=1e-4)


def test_elu_stands_between_the_factors(table):
    factors = train_autoencoder(table, 4, AutoencoderConfig(activation="elu", epochs=1))
    z = factors.latent
    expected = np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1) @ factors.kernel + factors.bias
    np.testing.assert_allclose(factors.table(), expected, atol=1e-4)


def test_what_scored_lowest_is_kept(table):
    seen = []

    def score(factors):
        seen.append(factors)
        return [5.0, 2.0, 3.0][len(seen) - 1]

    reports = []
    config = AutoencoderConfig(epochs=3)
    kept = train_autoencoder(table, 4, config, score, report=reports.append)
    np.testing.assert_array_equal(kept.latent, seen[1].latent)
    assert [report["score"] for report in reports] == [5.0, 2.0, 3.0]
    assert reports[-1]["epoch"] == reports[-1]["epochs"] == 3


def test_without_a_score_the_last_is_kept(table):
    last = train_autoencoder(table, 4, AutoencoderConfig(epochs=2))
    config = AutoencoderConfig(epochs=2)
    scored = train_autoencoder(table, 4, config, lambda factors: 1.0)  # ties: the first
    assert not np.array_equal(last.latent, scored.latent)


def test_it_goes_on_where_it_was_stopped(table, tmp_path):
    config = AutoencoderConfig(epochs=4)
    whole = train_autoencoder(table, 4, config, lambda f: -float(np.abs(f.latent).sum()))
    calls = []

    def stopped(factors):
        calls.append(factors)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return -float(np.abs(factors.latent).sum())

    with pytest.raises(KeyboardInterrupt):
        train_autoencoder(table, 4, config, stopped, tmp_path)
    reports = []
    score = lambda f: -float(np.abs(f.latent).sum())  # noqa: E731
    again = train_autoencoder(table, 4, config, score, tmp_path, reports.append)
    assert [report["epoch"] for report in reports] == [3, 4]
    np.testing.assert_array_equal(again.latent, whole.latent)
    with pytest.raises(UserError, match="settings that it began with.*rank=5"):
        train_autoencoder(table, 5, config, score, tmp_path)


def test_a_loss_that_is_no_number_is_told(table):
    config = AutoencoderConfig(L2, learning_rate=1e30, epochs=2)
    with pytest.raises(UserError, match="no finite number in epoch"):
        train_autoencoder(table, 4, config)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("epochs", 0), ("batch_size", 0), ("learning_rate", -1.0), ("activation", "relu")],
)
def test_settings_out_of_range(setting, value):
    with pytest.raises(UserError, match=f"`{setting}` must be .*Received: {setting}={value}"):
        AutoencoderConfig(**{setting: value})
