"""Tests of models on labelled texts."""

import pytest

from eelbert_tf.data.examples import Examples
from eelbert_tf.errors import UserError
from eelbert_tf.runtimes.keras_runtime import keras_predictor
from eelbert_tf.training.evaluate import evaluate


def test_labels_that_the_model_does_not_know(classifier, scorer):
    predictor = keras_predictor(classifier, pair=False)
    unseen = Examples(["a", "b", "c"], None, ["good", "ugly", "ugly"], "test.tsv")
    with pytest.raises(UserError, match="bad, good. Received in 2 of 3 rows of test.tsv: ugly."):
        evaluate(predictor, unseen)
    with pytest.raises(UserError, match="the labels must be numbers.*Received: 'good'"):
        evaluate(keras_predictor(scorer, pair=False), unseen)
    scores = Examples(["a"], None, [0.5], "test.tsv")
    with pytest.raises(UserError, match="Received.*test.tsv"):
        evaluate(predictor, scores)
