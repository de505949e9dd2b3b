"""Models that are trained once for all tests. Whoever changes one makes another."""

import functools
import os

import pytest

from eelbert_tf.training.fine_tune import PAIR_HEAD
from tests import toy

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@pytest.fixture(scope="session")
def examples():
    from eelbert_tf.data.examples import Examples

    return Examples(toy.TEXTS, None, toy.LABELS, "toy.tsv")


@pytest.fixture(scope="session")
def pretrained(tmp_path_factory):
    """The preset directory of a backbone."""
    path = tmp_path_factory.mktemp("presets") / "backbone"
    toy.with_random_weights(toy.backbone()).save_to_preset(str(path))
    return path


@pytest.fixture(scope="session")
def bert_preset(tmp_path_factory):
    """The directory of a KerasHub BertBackbone and its tokenizer."""
    words = sorted({word for text in toy.TEXTS for word in text.split()})
    letters = [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"]
    path = tmp_path_factory.mktemp("presets") / "bert"
    return toy.save_bert(path, [*words, *"0123456789", *letters])


@pytest.fixture(scope="session")
def classifier(pretrained):
    """Knows its training texts."""
    from eelbert_tf.data.examples import Examples
    from eelbert_tf.training.fine_tune import fine_tune

    return fine_tune(
        Examples(toy.TEXTS * 5, None, toy.LABELS * 5, "toy.tsv"),
        pretrained,
        epochs=3,
        batch_size=4,
        learning_rate=1e-2,
        max_words=toy.MAX_WORDS,
        verbose=0,
    )


@pytest.fixture(scope="session")
def pair_classifier():
    task = toy.classifier(labels=["no", "maybe", "yes"])
    return toy.uncompiled(toy.with_random_weights(task, seed=1))


@pytest.fixture(scope="session")
def aligned_classifier():
    task = toy.classifier(labels=["no", "maybe", "yes"], **PAIR_HEAD)
    return toy.uncompiled(toy.with_random_weights(task, seed=1))


@pytest.fixture(scope="session")
def multi_label_classifier():
    task = toy.classifier(labels=["x", "y", "z"], problem_type="multi_label_classification")
    return toy.uncompiled(toy.with_random_weights(task, seed=3))


@pytest.fixture(scope="session")
def scorer():
    """A regression."""
    task = toy.classifier(labels=None, problem_type="regression")
    return toy.uncompiled(toy.with_random_weights(task, seed=3))


@pytest.fixture(scope="session")
def embedder():
    from eelbert_tf.models import EelbertTextEmbedder

    task = EelbertTextEmbedder(**toy.parts(), embedding_dim=6)
    return toy.uncompiled(toy.with_random_weights(task, seed=4))


@pytest.fixture(scope="session")
def exported(request, tmp_path_factory):
    """A function from a task's fixture to a folder of its `saved_model` and `model.tflite`."""
    from eelbert_tf.export.litert import export_litert
    from eelbert_tf.export.saved_model import export_saved_model

    @functools.cache
    def export(name):
        task, pair = (
            request.getfixturevalue(name),
            name in ("pair_classifier", "aligned_classifier"),
        )
        folder = tmp_path_factory.mktemp(name)
        export_saved_model(task, folder / "saved_model", pair)
        export_litert(task, folder / "model.tflite", pair)
        return folder

    return export


@pytest.fixture(scope="session")
def model_directory(classifier, examples, tmp_path_factory):
    """All that `eelbert train` leaves."""
    from eelbert_tf.training.model_directory import write_model_directory

    path = tmp_path_factory.mktemp("models") / "toy"
    settings = {"preset": "toy", "seed": 0, "epochs": 3, "batch_size": 4, "learning_rate": 0.01}
    write_model_directory(classifier, examples, examples, "the training rows", settings, path)
    return path
