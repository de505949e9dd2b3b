"""Tests of pretraining."""

import keras
import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.hashing.distinct_words import hash_words
from eelbert_tf.models import EelbertMaskedLM, EelbertMaskedLMPreprocessor
from tests import toy

VOCABULARY = ["a", "the", "fine", "awful", *toy.NOUNS]
# As many words as BERT's vocabulary has pieces.
LARGE = [f"w{number}" for number in range(30_522)]


def masked_lm(**changes):
    preprocessor = EelbertMaskedLMPreprocessor(
        hash_dim=12, max_words=toy.MAX_WORDS, vocabulary=VOCABULARY, **changes
    )
    return EelbertMaskedLM(toy.backbone(), preprocessor=preprocessor)


# Cohn et al. (2023), table 1.
@pytest.mark.parametrize(
    "preset, parameters",
    [("eelbert_mini", 3_387_962), ("eelbert_tiny", 509_882), ("eelbert_uno", 312_506)],
)
def test_parameters_of_the_paper(preset, parameters):
    assert EelbertMaskedLM.from_preset(preset, vocabulary=LARGE).count_params() == parameters


def test_parameters_of_the_largest_model():
    # A word of the vocabulary has one parameter, its bias; the table of all takes long.
    model = EelbertMaskedLM.from_preset("eelbert_base", vocabulary=["a", "b"])
    assert model.count_params() - 2 + len(LARGE) == 86_073_402


def test_logits_are_products_with_the_hashed_words():
    model = toy.with_random_weights(masked_lm())
    x, _, _ = model.preprocessor(["a fine film", "the song"])
    logits = np.asarray(model(x, training=False))
    assert logits.shape == (2, 2, len(VOCABULARY))
    encoded = np.asarray(model.backbone({k: x[k] for k in model.backbone.input}, training=False))
    encoded = np.take_along_axis(encoded, x["mask_positions"].numpy()[..., None], axis=1)
    hidden = np.asarray(model.layer_norm(model.transform(encoded)))
    table = hash_words(VOCABULARY, model.backbone.hash_config)
    bias = np.asarray(model.vocabulary_head.bias)
    np.testing.assert_allclose(logits, hidden @ table.T + bias, atol=1e-5)


def test_learns_the_hidden_word():
    keras.utils.set_random_seed(0)
    model = masked_lm()
    model.compile(keras.optimizers.AdamW(1e-2))
    # The hidden word of each pair follows from the one that is seen.
    texts = ["fine film", "awful song", "the play"] * 40
    history = model.fit(texts, epochs=3, batch_size=8, verbose=0).history
    # Guessing among six words, told apart by nothing, costs log 6.
    assert history["loss"][-1] < 0.7 * np.log(6)


def test_from_preset_passes_on_the_settings():
    model = EelbertMaskedLM.from_preset(
        "eelbert_uno", vocabulary=["a", "b"], hash_dim=20, max_words=9, mask_rate=0.5
    )
    assert model.backbone.hash_config == model.preprocessor.hash_config
    assert model.backbone.hash_config.dim == 20
    assert (model.preprocessor.max_words, model.preprocessor.mask_rate) == (9, 0.5)
    assert model.vocabulary == model.preprocessor.vocabulary == ["a", "b"]


def test_a_vocabulary_is_needed_and_must_be_the_preprocessors():
    with pytest.raises(UserError, match="`vocabulary` must be given"):
        EelbertMaskedLM(toy.backbone())
    assert EelbertMaskedLM(toy.backbone(), vocabulary=["a"]).output_shape == (None, None, 1)
    preprocessor = EelbertMaskedLMPreprocessor(hash_dim=12, max_words=9, vocabulary=["a", "b"])
    with pytest.raises(UserError, match="must be that of the preprocessor"):
        EelbertMaskedLM(toy.backbone(), vocabulary=["b", "a"], preprocessor=preprocessor)
