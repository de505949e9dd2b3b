"""Tests of how far two runtimes agree."""

import numpy as np
import pytest

from eelbert_tf.data.examples import Examples
from eelbert_tf.training.agreement import agreement


class Constant:
    """A predictor that knows no texts."""

    def __init__(self, answer, labels):
        self.answer, self.labels = answer, labels

    def predict_proba(self, texts):
        return np.array(self.answer)

    predict = predict_proba


def test_agreement():
    examples = Examples(["a", "b"], None, None, "")
    first = Constant([[0.9, 0.1], [0.4, 0.6]], ["x", "y"])
    second = Constant([[0.6, 0.4], [0.6, 0.4]], ["x", "y"])
    assert agreement(first, second, examples) == {
        "label_agreement": 0.5,
        "largest_difference": pytest.approx(0.3),
    }
    scores = agreement(Constant([1.0, 2.0], None), Constant([1.0, 4.5], None), examples)
    assert scores == {"largest_difference": 2.5}
