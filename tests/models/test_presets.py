"""Tests of presets: what `save_to_preset` writes comes back, or one clear line."""

import keras_hub
import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf import models
from eelbert_tf.errors import UserError
from tests import toy


def masked_lm():
    preprocessor = models.EelbertMaskedLMPreprocessor(
        hash_dim=12, max_words=10, vocabulary=["fine", "film", "song"], mask_rate=0.2
    )
    return models.EelbertMaskedLM(toy.backbone(), preprocessor=preprocessor)


def multi_label():
    return toy.classifier(labels=["x", "y", "z"], problem_type="multi_label_classification")


def transformed():
    settings = {"hash_transform_dim": 5, "hash_orders": 2, "hash_kind": "random", "hash_seed": 7}
    backbone = toy.backbone(**settings)
    preprocessor = models.EelbertPreprocessor.from_backbone(backbone, max_characters=50)
    return toy.classifier(backbone=backbone, preprocessor=preprocessor, pooling="cls")


TASKS = {
    "classifier": toy.classifier,
    "without names": lambda: toy.classifier(labels=None, num_classes=3),
    "regression": lambda: toy.classifier(labels=None, problem_type="regression"),
    "several labels": multi_label,
    "other hash": transformed,
    "token classifier": lambda: models.EelbertTokenClassifier(**toy.parts(), labels=["O", "X"]),
    "embedder": lambda: models.EelbertTextEmbedder(**toy.parts()),
    "projected embedder": lambda: models.EelbertTextEmbedder(**toy.parts(), embedding_dim=5),
    "masked LM": masked_lm,
}


def answers(task):
    inputs = task.preprocessor([*toy.TEXTS, *toy.ODD_TEXTS])
    return np.asarray(task(inputs[0] if isinstance(inputs, tuple) else inputs, training=False))


@pytest.mark.parametrize("make", TASKS.values(), ids=TASKS)
def test_tasks_come_back_exactly(make, tmp_path):
    task = toy.with_random_weights(make())
    task.save_to_preset(str(tmp_path))
    loaded = type(task).from_preset(tmp_path)
    assert type(loaded) is type(task)
    assert loaded.get_config() == task.get_config()
    assert np.array_equal(answers(loaded), answers(task))


def test_pairs_come_back_exactly(pair_classifier, tmp_path):
    pair_classifier.save_to_preset(str(tmp_path))
    loaded = models.EelbertTextClassifier.from_preset(tmp_path)
    pairs = (tf.constant(toy.TEXTS[:7]), tf.constant(toy.ODD_TEXTS))
    assert np.array_equal(toy.outputs(loaded, pairs), toy.outputs(pair_classifier, pairs))


def test_kerashub_loads_presets_by_its_own_classes(classifier, model_directory):
    preset = str(model_directory / "preset")
    task = keras_hub.models.TextClassifier.from_preset(preset)
    assert type(task) is models.EelbertTextClassifier
    assert task.labels == ["bad", "good"]
    assert np.array_equal(toy.outputs(task, toy.TEXTS), toy.outputs(classifier, toy.TEXTS))
    backbone = keras_hub.models.Backbone.from_preset(preset)
    assert type(backbone) is models.EelbertBackbone
    assert_same_weights(backbone, classifier.backbone)


def assert_same_weights(model, other):
    for weight, expected in zip(model.get_weights(), other.get_weights(), strict=True):
        assert np.array_equal(weight, expected)


@pytest.fixture(scope="module")
def masked_lm_preset(tmp_path_factory):
    path = tmp_path_factory.mktemp("presets") / "masked_lm"
    toy.with_random_weights(masked_lm()).save_to_preset(str(path))
    return path


@pytest.mark.parametrize(
    "load",
    [
        lambda path: models.EelbertTextClassifier.from_preset(path, labels=["a", "b", "c"]),
        lambda path: keras_hub.models.TextClassifier.from_preset(str(path), num_classes=3),
        lambda path: models.EelbertTokenClassifier.from_preset(path, labels=["O", "X"]),
        lambda path: models.EelbertTextEmbedder.from_preset(path),
    ],
    ids=["classifier", "KerasHub's classifier", "token classifier", "embedder"],
)
def test_a_pretrained_encoder_gets_a_new_head_and_no_masks(masked_lm_preset, load):
    task = load(masked_lm_preset)
    assert_same_weights(task.backbone, models.EelbertBackbone.from_preset(masked_lm_preset))
    assert type(task.preprocessor) is models.EelbertPreprocessor
    assert task.preprocessor.hash_config == task.backbone.hash_config
    assert task.preprocessor.max_words == 10
    assert not task.preprocessor.is_random


def test_a_preset_of_a_backbone_alone_gives_tasks(pretrained):
    task = models.EelbertTextClassifier.from_preset(pretrained, labels=["a", "b"])
    assert_same_weights(task.backbone, models.EelbertBackbone.from_preset(pretrained))
    assert task.preprocessor.hash_config == task.backbone.hash_config
    assert task.preprocessor.max_words == 21  # 24 places, three of them special


def test_other_labels_make_a_new_head(classifier, model_directory):
    task = models.EelbertTextClassifier.from_preset(
        model_directory / "preset", labels=["ham", "spam"]
    )
    assert task.labels == ["ham", "spam"]
    assert_same_weights(task.backbone, classifier.backbone)
    assert not np.array_equal(task.get_weights()[-2], classifier.get_weights()[-2])


def test_architectures_take_settings_of_all_three_parts():
    task = models.EelbertTextClassifier.from_preset(
        "eelbert_uno",
        labels=["a", "b"],
        pooling="cls",
        hash_dim=20,
        hash_seed=3,
        max_sequence_length=50,
        max_words=30,
    )
    assert (task.labels, task.pooling) == (["a", "b"], "cls")
    assert (task.backbone.hash_config.dim, task.backbone.max_sequence_length) == (20, 50)
    assert task.preprocessor.hash_config == task.backbone.hash_config
    assert task.preprocessor.max_words == 30
    preprocessor = models.EelbertPreprocessor.from_preset("eelbert_mini", max_words=7)
    assert (preprocessor.hash_config.dim, preprocessor.max_words) == (256, 7)


@pytest.mark.parametrize(
    "load", [models.EelbertBackbone.from_preset, models.EelbertTextClassifier.from_preset]
)
def test_an_unknown_name_lists_those_that_exist(load):
    names = "eelbert_base, eelbert_mini, eelbert_plus, eelbert_tiny, eelbert_uno"
    with pytest.raises(UserError, match=f"one of {names}, or a directory.*Received.*'eelbert'"):
        load("eelbert")


def test_saved_tasks_take_another_window(model_directory):
    task = models.EelbertTextClassifier.from_preset(model_directory / "preset", max_words=2)
    assert task.preprocessor.max_words == 2
    assert np.array_equal(toy.outputs(task, ["a fine film"]), toy.outputs(task, ["a fine song"]))


def test_unknown_settings_are_refused(model_directory):
    for load in (models.EelbertTextClassifier.from_preset, models.EelbertBackbone.from_preset):
        for preset in ("eelbert_uno", model_directory / "preset"):
            with pytest.raises(UserError, match="Received: problem_typ."):
                load(preset, problem_typ="regression")
    with pytest.raises(UserError, match="that a saved preset leaves open. Received: num_layers."):
        models.EelbertTextClassifier.from_preset(model_directory / "preset", num_layers=3)
