"""The runs that all tests of this folder compare, on whatever replicas they are given."""

from unittest import mock

import numpy as np

from tests import toy

SETTINGS = {"epochs": 13, "batch_size": 6, "learning_rate": 1e-2, "max_words": 12}
STEPS = 52  # 23 texts in batches of 6: the last of an epoch is short


def examples():
    from eelbert_tf.data.examples import Examples

    nouns = np.random.default_rng(0).choice(toy.NOUNS, (len(toy.TEXTS), 6))
    texts = [" ".join([text, *nouns[i][: i % 7]]) for i, text in enumerate(toy.TEXTS)]
    return Examples(texts[:-1], None, toy.LABELS[:-1], "toy.tsv")


def fine_tuned(replicas, preset, run, report=None, dropout=None, **options):
    """A classifier of `examples`; `dropout` other than its own if given."""
    from eelbert_tf.models import EelbertTextClassifier
    from eelbert_tf.training import fine_tune, fine_tune_replicas

    def without_dropout(*settings):
        task = fine_tune.new_classifier(*settings)
        return EelbertTextClassifier.from_config({**task.get_config(), "dropout": dropout})

    new_classifier = fine_tune.new_classifier if dropout is None else without_dropout
    with mock.patch.object(fine_tune_replicas, "new_classifier", new_classifier):
        return fine_tune_replicas.fine_tune_replicas(
            replicas, examples(), preset, run, report=report, **{**SETTINGS, **options}
        )


def pretrained(replicas, shards, preset, out, report=None):
    """An encoder; its gradients are longer than their norm may be."""
    from eelbert_tf.pretraining.config import PretrainingConfig
    from eelbert_tf.pretraining.pretrain import pretrain
    from eelbert_tf.pretraining.shards import Shards

    config = PretrainingConfig(
        objectives=("masked_lm",),
        epochs=1.3,
        batch_tokens=50,
        label_count=20,
        learning_rate=1e-2,
    )
    return pretrain(Shards(shards), preset, out, config, report=report, replicas=replicas)


def losses_of_texts(scope, preset):
    """The losses of a task's `fit` on raw texts."""
    import keras

    from eelbert_tf.models import EelbertBackbone

    rows = examples()
    keras.utils.set_random_seed(0)
    with scope():
        task = toy.classifier(backbone=EelbertBackbone.from_preset(preset))
        task.compile(optimizer=keras.optimizers.Adam(1e-2))
    texts, labels = rows.texts[:18], rows.labels[:18]
    history = task.fit(texts, labels, batch_size=6, epochs=3, verbose=0, shuffle=False)
    return history.history["loss"]


def losses_of_strings(scope):
    """Those of a model whose inputs are strings, linear in the sum of their words' vectors."""
    import keras
    import tensorflow as tf

    from eelbert_tf.distribution.keras_faults import FitUnderStrategy
    from eelbert_tf.layers.ngram_hash_embedding import NGramHashEmbedding

    class StringModel(FitUnderStrategy, keras.Model):
        pass

    rows = examples()
    labels = [float(label == "good") for label in rows.labels[:18]]
    data = tf.data.Dataset.from_tensor_slices((rows.texts[:18], labels)).batch(6)
    with scope():
        inputs = keras.Input((), dtype="string")
        vectors = NGramHashEmbedding(hash_dim=12, max_words=8)(inputs)["word_vectors"]
        dense = keras.layers.Dense(1, kernel_initializer="zeros")
        model = StringModel(inputs, dense(keras.ops.sum(vectors, axis=1)))
        model.compile(keras.optimizers.SGD(1e-3), "mse", jit_compile=False)
    return model.fit(data, epochs=3, verbose=0, shuffle=False).history["loss"]
