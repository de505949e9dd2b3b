"""Tests of `fit` on whatever people have."""

import keras
import numpy as np
import pandas as pd
import pytest

from eelbert_tf.errors import UserError
from tests import toy
from tests.models.datasets import dataset

NUMBERS = [int(label == "good") for label in toy.LABELS]
FRAME = pd.DataFrame({"text": toy.TEXTS, "label": toy.LABELS})


class Trainee:
    """A classifier that goes back to where it began, since to compile anew takes seconds."""

    def __init__(self):
        self.task = toy.with_random_weights(toy.classifier())
        self.task.optimizer.build(self.task.trainable_variables)
        self.variables = [*self.task.variables, *self.task.optimizer.variables]
        self.start = [variable.numpy() for variable in self.variables]

    def fit(self, x, y=None, **kwargs):
        for variable, value in zip(self.variables, self.start):
            variable.assign(value)
        settings = {"batch_size": 8, "shuffle": False, "verbose": 0, **kwargs}
        self.history = self.task.fit(x, y, **settings).history
        return [variable.numpy() for variable in self.task.variables]


def assert_equal(weights, others):
    for weight, other in zip(weights, others, strict=True):
        assert np.array_equal(weight, other)


@pytest.fixture(scope="module")
def trainee():
    return Trainee()


@pytest.fixture(scope="module")
def trained_on_lists(trainee):
    return trainee.fit(toy.TEXTS, toy.LABELS)


@pytest.mark.parametrize(
    "x, y",
    [
        (FRAME["text"], FRAME["label"]),
        (FRAME, np.array(NUMBERS)),
        (np.array([text.encode() for text in toy.TEXTS]), np.array(toy.LABELS, dtype=object)),
        (dataset(toy.TEXTS, NUMBERS), None),
        (dataset({"text": toy.TEXTS}, NUMBERS), None),
    ],
    ids=["Series", "DataFrame", "arrays", "dataset", "dataset by name"],
)
def test_fit_on_equal_content_gives_equal_weights(trainee, trained_on_lists, x, y):
    assert not np.array_equal(trained_on_lists[0], trainee.start[0])
    assert_equal(trainee.fit(x, y), trained_on_lists)


def test_the_seed_orders_the_batches(trainee, trained_on_lists):
    first = trainee.fit(toy.TEXTS, toy.LABELS, shuffle=True, seed=1)
    assert_equal(trainee.fit(toy.TEXTS, toy.LABELS, shuffle=True, seed=1), first)
    other = trainee.fit(toy.TEXTS, toy.LABELS, shuffle=True, seed=2)
    assert not np.array_equal(first[0], other[0])
    assert not np.array_equal(first[0], trained_on_lists[0])


def test_class_weights_by_name_are_weights_of_rows(trainee, trained_on_lists):
    by_class = trainee.fit(toy.TEXTS, toy.LABELS, class_weight={"bad": 0.25})
    weights = [0.25 if label == "bad" else 1.0 for label in toy.LABELS]
    assert_equal(trainee.fit(toy.TEXTS, toy.LABELS, sample_weight=weights), by_class)
    assert not np.array_equal(by_class[0], trained_on_lists[0])


def test_validation(trainee):
    held_out = (toy.TEXTS[18:], toy.LABELS[18:])
    trainee.fit(toy.TEXTS[:18], toy.LABELS[:18], validation_data=held_out)
    history = trainee.history
    loss, accuracy = trainee.task.evaluate(*held_out, verbose=0)
    assert history["val_loss"] == [pytest.approx(loss)]
    assert history["val_accuracy"] == [pytest.approx(accuracy)]
    trainee.fit(toy.TEXTS, toy.LABELS, validation_split=0.25)
    assert trainee.history.keys() == history.keys()
    for name, values in history.items():
        assert trainee.history[name] == pytest.approx(values)


def test_callbacks(trainee, tmp_path):
    checkpoint = tmp_path / "best.keras"
    trainee.fit(
        toy.TEXTS,
        toy.LABELS,
        epochs=5,
        validation_data=dataset(toy.TEXTS, NUMBERS),
        callbacks=[
            # Nothing can get better by a thousand: two epochs, of five.
            keras.callbacks.EarlyStopping(monitor="val_loss", min_delta=1e3),
            keras.callbacks.ModelCheckpoint(str(checkpoint), save_best_only=False),
            keras.callbacks.TensorBoard(str(tmp_path / "logs")),
        ],
    )
    assert len(trainee.history["loss"]) == 2
    assert list((tmp_path / "logs" / "train").glob("events.*"))
    loaded = keras.models.load_model(checkpoint)
    assert_equal([v.numpy() for v in loaded.variables], [v.numpy() for v in trainee.task.variables])


def test_the_same_seed_gives_the_same_weights_with_dropout_and_distortion():
    def trained():
        keras.utils.set_random_seed(7)
        preprocessor = toy.preprocessor(distortion_rate=0.2, seed=7)
        backbone = toy.backbone(dropout=0.3)
        task = toy.classifier(backbone=backbone, preprocessor=preprocessor, dropout=0.3)
        toy.uncompiled(task)
        task.fit(toy.TEXTS, toy.LABELS, epochs=2, batch_size=12, seed=7, verbose=0)
        return task.get_weights()

    assert_equal(trained(), trained())


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision(policy):
    task = toy.classifier(backbone=toy.backbone(dtype=policy))
    task.run_eagerly = policy == "mixed_bfloat16"  # the other scales its loss, in the graph too
    assert task.head.output_dense.compute_dtype == policy.removeprefix("mixed_")
    before = task.get_weights()
    task.fit(toy.TEXTS, toy.LABELS, batch_size=24, verbose=0)
    assert all(np.isfinite(weight).all() for weight in task.get_weights())
    assert not np.array_equal(task.get_weights()[0], before[0])
    probabilities = task.activate(task(task.preprocessor(toy.TEXTS), training=False))
    assert probabilities.dtype == "float32"


@pytest.mark.parametrize(
    "x, y, settings, message",
    [
        (["a", 3], ["good", "bad"], {}, r"Received: 3 \(int\) at row 1."),
        (["a", "b"], ["good"], {}, "Received: 2 texts, 1 labels."),
        (["a"], ["ugly"], {}, "Received also: ugly."),
        (["a"], [2], {}, "a number from 0 to 1. Received: numbers from 2 to 2."),
        (["a"], [-1], {}, "Received: numbers from -1"),
        ([], [], {}, "At least one text is needed. Received: none."),
        (["a", "b"], [0, 1], {"sample_weight": [1.0]}, "Received: 2 texts, 1 sample weights."),
        (["a", "b"], [0, 1], {"class_weight": {"ugly": 1.0}}, "Received also: ugly."),
        (dataset(["a"], [0]), [0], {}, "`y` must be None where `x` is a dataset"),
    ],
)
def test_what_cannot_be_trained_on(trainee, x, y, settings, message):
    with pytest.raises(UserError, match=message):
        trainee.fit(x, y, **settings)
