"""Tests of the classifier's head, labels and probabilities."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.models import EelbertTextClassifier
from tests import toy

MULTI, REGRESSION = "multi_label_classification", "regression"


def test_probabilities_and_labels(classifier):
    probabilities = classifier.predict_proba(toy.TEXTS)
    logits = toy.outputs(classifier, toy.TEXTS).astype("float64")
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)
    assert classifier.predict_labels(toy.TEXTS) == toy.LABELS


def test_several_labels(multi_label_classifier):
    probabilities = multi_label_classifier.predict_proba(toy.TEXTS)
    logits = toy.outputs(multi_label_classifier, toy.TEXTS)
    np.testing.assert_allclose(probabilities, 1 / (1 + np.exp(-logits)), atol=1e-5)
    labels = multi_label_classifier.predict_labels(toy.TEXTS)
    assert labels == [[n for n, p in zip("xyz", row) if p > 0.5] for row in probabilities]
    assert len({tuple(row) for row in labels}) > 1
    strict = multi_label_classifier.predict_labels(toy.TEXTS, threshold=0.999999)
    assert sum(map(len, strict)) < sum(map(len, labels))


def test_several_labels_are_learnt_by_name_and_split_for_validation():
    task = toy.uncompiled(toy.classifier(labels=["x", "y", "z"], problem_type=MULTI))
    names = [["x"], ["x", "z"], [], ("y",)]
    assert task.prepare_labels(names).tolist() == [[1, 0, 0], [1, 0, 1], [0, 0, 0], [0, 1, 0]]
    with pytest.raises(UserError, match="Received also: w."):
        task.prepare_labels([["x"], ["w"]])
    history = task.fit(toy.TEXTS[:4], names, validation_split=0.5, verbose=0).history
    logits = toy.outputs(task, toy.TEXTS[2:4])
    targets = np.array([[0, 0, 0], [0, 1, 0]])
    expected = np.log1p(np.exp(np.where(targets, -logits, logits))).mean()
    assert history["val_loss"] == [pytest.approx(expected, rel=1e-4)]


def test_a_score(scorer):
    scores = scorer.predict(toy.TEXTS, verbose=0)
    assert scores.shape == (24, 1)
    assert np.array_equal(scorer.predict_proba(toy.TEXTS), scores)
    targets = [float(score) + 2.0 for score in scores[:, 0]]
    rmse = scorer.evaluate(toy.TEXTS, targets, verbose=0)[1]
    assert rmse == pytest.approx(2.0, rel=1e-5)
    with pytest.raises(UserError, match="A regression model has no labels: call `predict`."):
        scorer.predict_labels(toy.TEXTS)


def test_without_names_labels_are_numbers():
    task = toy.uncompiled(toy.with_random_weights(toy.classifier(labels=None, num_classes=3)))
    expected = toy.outputs(task, toy.TEXTS).argmax(axis=1)
    assert task.predict_labels(toy.TEXTS) == expected.tolist()


@pytest.mark.parametrize(
    "pooling, inputs", [("cls", 16), ("mean", 16), ("cls_mean", 32), ("pair", 80)]
)
def test_pooling(pooling, inputs):
    task = toy.with_random_weights(toy.classifier(pooling=pooling))
    assert task.head.pooled_dense.kernel.shape == (inputs, 16)
    x = task.preprocessor((["a fine film"], ["an awful song indeed"]))
    encoded = np.asarray(task.backbone(x, training=False))
    u, v = encoded[:, :5].mean(axis=1), encoded[:, 5:].mean(axis=1)
    pooled = {"cls": encoded[:, 0], "mean": encoded.mean(axis=1)}
    pooled["cls_mean"] = np.concatenate([pooled["cls"], pooled["mean"]], axis=1)
    pooled["pair"] = np.concatenate([pooled["cls"], u, v, np.abs(u - v), u * v], axis=1)
    expected = task.head.output_dense(task.head.pooled_dense(pooled[pooling]))
    np.testing.assert_allclose(task(x, training=False), expected, atol=1e-5)


@pytest.mark.parametrize("pair", [False, True])
def test_a_text_is_answered_alike_beside_longer_ones(pair_classifier, pair):
    texts = ["a fine film", "", "word " * 30, "the awful dinner and the fine song"]

    def answers(rows):
        column = tf.constant(texts[rows])
        return toy.outputs(pair_classifier, (column, column[::-1]) if pair else column)

    together = answers(slice(None))
    if pair:
        np.testing.assert_allclose(together[1:3], answers(slice(1, 3)), atol=1e-5)
    else:
        alone = np.concatenate([answers(slice(row, row + 1)) for row in range(4)])
        np.testing.assert_allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"labels": None}, "`num_classes` must be at least 2"),
        ({"labels": ["a"]}, "`num_classes` must be at least 2"),
        ({"labels": ["a", "a"]}, "must differ from each other"),
        ({"num_classes": 3}, "Received: num_classes=3, 2 labels."),
        ({"problem_type": REGRESSION}, "A regression has one output and no labels."),
        ({"problem_type": "ranking"}, "Received: problem_type='ranking'."),
        ({"pooling": "max"}, "Received: pooling='max'."),
    ],
)
def test_settings_that_contradict_each_other(settings, message):
    with pytest.raises(ValueError, match=message):
        toy.classifier(**settings)


def test_every_task_checks_that_backbone_and_preprocessor_fit():
    from eelbert_tf.models import EelbertTextEmbedder, EelbertTokenClassifier

    makers = [
        lambda **parts: EelbertTextClassifier(num_classes=2, **parts),
        lambda **parts: EelbertTokenClassifier(labels=["O", "X"], **parts),
        EelbertTextEmbedder,
    ]
    for make in makers:
        with pytest.raises(ValueError, match="must have the same hash"):
            make(**toy.parts(hash_seed=1))
        with pytest.raises(ValueError, match="must be at most 21.*Received: max_words=22."):
            make(**toy.parts(max_words=22))
        assert make(**toy.parts(max_words=21)).preprocessor.max_words == 21


def test_compile_takes_what_keras_takes():
    task = toy.classifier()
    assert isinstance(task.optimizer, keras.optimizers.AdamW)
    task.compile("sgd", loss="mse", metrics=["mae"])
    assert isinstance(task.optimizer, keras.optimizers.SGD)
    assert task.loss == "mse"


@pytest.mark.parametrize("cross_attention", [False, True])
def test_whether_the_texts_of_a_pair_see_each_other(cross_attention):
    import keras

    task = toy.with_random_weights(toy.classifier(cross_attention=cross_attention, pooling="pair"))
    encoder = keras.Model(task.input, task.get_layer("head").input[0])

    def first_text(pair):
        return np.asarray(encoder(task.preprocessor((["a fine film"], [pair]))))[0, :5]

    alike = np.allclose(first_text("no"), first_text("an awful song"), atol=1e-6)
    assert alike is not cross_attention


def test_a_task_without_cross_attention_is_saved_whole(tmp_path):
    from eelbert_tf.models import EelbertTextClassifier

    task = toy.uncompiled(toy.with_random_weights(toy.classifier(cross_attention=False)))
    task.save_to_preset(str(tmp_path / "preset"))
    again = toy.uncompiled(EelbertTextClassifier.from_preset(tmp_path / "preset"))
    pairs = (["a fine film", "no"], ["an awful song", "yes indeed"])
    np.testing.assert_array_equal(toy.outputs(task, pairs), toy.outputs(again, pairs))
