"""`Predictor`: scikit-learn's `predict` and `predict_proba` over a runtime."""

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.models.text_inputs import to_texts

OUTPUTS = ("probabilities", "score", "embedding")


class Predictor:
    """Answers of a trained model.

    Args:
        run: function of `(texts, pairs)`, NumPy object arrays of bytes (`pairs` or None), to the
            model's output: probabilities `(texts, classes)`, scores `(texts,)` or embeddings.
        labels: list of str, the names of the classes; None where the output is no probabilities.
        pair: bool. Whether the model takes pairs.
        output: `"probabilities"`, `"score"` or `"embedding"`.
        multi_label: bool. Whether a text can have several labels.
        inputs: function of `(texts, pairs)`, one text each, to a dict of NumPy arrays: what the
            runtime itself takes. None where it takes no arrays.
    """

    def __init__(self, run, labels, pair, output, multi_label=False, inputs=None):
        self.run = run
        self.labels = labels
        self.pair = pair
        self.output = output
        self.multi_label = multi_label
        self.inputs = inputs

    def predict_proba(self, x):
        """Probabilities, float32 `(texts, classes)`, columns in the order of `labels`."""
        return self._run(x, "probabilities")

    def predict(self, x):
        """The likeliest label of each text (all above one half for several), or its score."""
        if self.output == "score":
            return self._run(x, "score")
        probabilities = self.predict_proba(x)
        if self.multi_label:
            return [[n for n, p in zip(self.labels, row) if p > 0.5] for row in probabilities]
        return [self.labels[index] for index in probabilities.argmax(axis=-1)]

    def embed(self, x):
        """Vectors, float32 `(texts, dim)`."""
        return self._run(x, "embedding")

    def _run(self, x, output):
        if output != self.output:
            raise UserError(f"This model gives {self.output}, not {output}.")
        texts, pairs = to_texts(x)
        if (pairs is not None) != self.pair:
            raise UserError(
                f"This model takes {'pairs of texts' if self.pair else 'single texts'}. Received: "
                f"{'single texts' if pairs is None else 'pairs'}."
            )
        if not len(texts):
            raise UserError("At least one text is needed. Received: none.")
        return np.asarray(self.run(texts, pairs))
