"""Tasks on the JAX backend where TensorFlow is not installed, and what they saved in TensorFlow."""

import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from eelbert_tf import EelbertPreprocessor, EelbertTextClassifier
from tests.models.jax_examples import LABELS, LIMITS, MIXED_TEXTS, TEXTS


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    """What `tests.models.jax_process` wrote."""
    path = tmp_path_factory.mktemp("jax")
    environment = {
        **os.environ,
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        # Half of the time, which goes into compiling.
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
    }
    command = [sys.executable, "-m", "tests.models.jax_process", str(path)]
    process = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    return path


@pytest.fixture(scope="module")
def report(directory):
    return json.loads((directory / "report.json").read_text(encoding="utf-8"))


def test_no_tensorflow_is_imported(report):
    assert report["tensorflow_modules"] == []


def test_classifier_learns_by_compiled_steps(report):
    assert report["losses"][-1] < report["losses"][0] / 2
    assert report["validation_losses"][-1] < report["validation_losses"][0] / 2
    assert report["predicted"] == LABELS
    assert report["evaluated"]["accuracy"] == 1.0
    assert report["jit_compile"] == [True, True]


def test_pairs_train(report):
    assert np.isfinite(report["pair_loss"])


def test_saved_models_predict_exactly_the_same(report):
    assert report["exact"] == [True, True]


def test_bfloat16_trains(report):
    assert report["bfloat16_dtype"] == "bfloat16"
    assert report["bfloat16_losses"][-1] < report["bfloat16_losses"][0] / 2


def test_token_classifier_learns(report):
    assert report["tags"] == [["O", "O", "CITY"]]


def test_embeddings_have_length_one(directory):
    embeddings = np.load(directory / "embeddings.npy")
    assert embeddings.shape == (len(TEXTS), 128)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1.0, atol=1e-5)


def test_batches_hold_every_row_once_in_a_new_order_each_epoch(report):
    unshuffled, first, same_seed, other_seed = report["orders"]
    rows = list(range(len(TEXTS)))
    assert unshuffled == [rows, rows]
    assert [sorted(order) for order in first] == [rows, rows]
    assert first[0] != first[1]
    assert first == same_seed != other_seed


def test_masked_training_names_the_backend_that_it_needs(report):
    message = report["without_tensorflow"]
    assert "needs the TensorFlow backend of Keras. Received: the jax backend" in message


@pytest.mark.parametrize("name", ["texts", "pairs"])
def test_inputs_have_the_bits_of_tensorflow(directory, name):
    x = MIXED_TEXTS if name == "texts" else (MIXED_TEXTS, MIXED_TEXTS[::-1])
    ours = {key: value.numpy() for key, value in EelbertPreprocessor(**LIMITS)(x).items()}
    theirs = np.load(directory / f"inputs_{name}.npz")
    length = ours["padding_mask"].shape[1]
    for key, value in ours.items():
        assert theirs[key].dtype == value.dtype
        np.testing.assert_array_equal(theirs[key][:, :length], value)
        assert not theirs[key][:, length:].any()


@pytest.mark.parametrize("saved", ["preset", "model.keras"])
def test_saved_under_jax_predicts_the_same_under_tensorflow(directory, saved):
    if saved == "preset":
        model = EelbertTextClassifier.from_preset(directory / saved)
    else:
        model = keras.saving.load_model(directory / saved)
    expected = np.load(directory / "classifier.npz")
    assert model.jit_compile is False
    np.testing.assert_allclose(model.predict(TEXTS, verbose=0), expected["logits"], atol=1e-5)
    np.testing.assert_allclose(model.predict_proba(TEXTS), expected["probabilities"], atol=1e-5)
    pairs = model.predict((TEXTS, TEXTS[::-1]), verbose=0)
    np.testing.assert_allclose(pairs, expected["pairs"], atol=1e-5)
