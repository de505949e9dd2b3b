"""`EelbertTextClassifier`: one text or a pair to a class, several classes, or a score."""

import keras
import keras_hub
import numpy as np
from keras import ops

from eelbert_tf.errors import UserError
from eelbert_tf.layers.serialization import register
from eelbert_tf.models.compatibility import check_compatible
from eelbert_tf.models.encoding import encoded, word_vectors
from eelbert_tf.models.problem_types import (
    MULTI_LABEL,
    REGRESSION,
    SINGLE_LABEL,
    number_of_classes,
)
from eelbert_tf.models.text_head import TextHead
from eelbert_tf.models.text_inputs import to_label_ids
from eelbert_tf.models.text_task import TextTask
from eelbert_tf.training.fused_adamw import FusedAdamW


@register
class EelbertTextClassifier(TextTask, keras_hub.models.TextClassifier):
    """A text, or a pair of texts, to one class, several classes, or a score.

    The encoder's outputs are pooled; then come BERT's pooler (a dense layer with tanh), dropout
    and a dense layer (`TextHead`). `fit`, `evaluate` and `predict` take raw texts; `predict` gives
    logits (for scores: the scores), `predict_proba` probabilities, `predict_labels` names.

    Args:
        backbone: `EelbertBackbone`.
        num_classes: int; follows from `labels` where these are given, 1 for regression.
        labels: list of str, the names of the classes in the order of the outputs, or None.
        preprocessor: `EelbertPreprocessor`, or None where the caller preprocesses.
        problem_type: `"single_label_classification"`, `"multi_label_classification"` or
            `"regression"` (the names that Hugging Face uses).
        pooling: `"cls"`, `"mean"`, `"cls_mean"`, `"pair"` or `"aligned_pair"`; see `TextHead`.
        cross_attention: bool. Whether the two texts of a pair see each other; see `encoded`.
        dropout: float, before the last layer.

    Raises:
        ValueError: settings contradict each other.

    Example:

    ```python
    classifier = EelbertTextClassifier.from_preset("eelbert_uno", labels=["bad", "good"])
    classifier.fit(["a great film", "dreadful"], ["good", "bad"], epochs=10)
    classifier.predict_labels("what a film!")
    ```
    """

    def __init__(
        self,
        backbone,
        num_classes=None,
        labels=None,
        preprocessor=None,
        problem_type=SINGLE_LABEL,
        pooling="cls_mean",
        cross_attention=True,
        dropout=0.1,
        **kwargs,
    ):
        num_classes = number_of_classes(num_classes, labels, problem_type)
        check_compatible(backbone, preprocessor)

        # === Config, which `compile` reads ===
        self.num_classes = num_classes
        self.labels = list(labels) if labels else None
        self.problem_type = problem_type
        self.pooling = pooling
        self.cross_attention = cross_attention
        self.dropout = dropout

        # === Layers ===
        self.backbone = backbone
        self.preprocessor = preprocessor
        self.head = TextHead(
            backbone.hidden_dim,
            num_classes,
            pooling=pooling,
            dropout=dropout,
            dtype=backbone.dtype_policy,
            name="head",
        )

        # === Functional model ===
        inputs = backbone.input
        x = encoded(backbone, cross_attention)  # (batch, sequence, hidden_dim)
        words = (word_vectors(backbone),) if pooling == "aligned_pair" else ()
        logits = self.head(x, inputs["padding_mask"], inputs["segment_ids"], *words)
        super().__init__(inputs=inputs, outputs=logits, **kwargs)

    def get_config(self):
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "labels": self.labels,
            "problem_type": self.problem_type,
            "pooling": self.pooling,
            "cross_attention": self.cross_attention,
            "dropout": self.dropout,
        }

    @classmethod
    def from_preset(cls, preset, **kwargs):
        """See `PresetMixin`; with other `labels` than the preset's, the head starts anew."""
        if kwargs.get("labels"):
            kwargs.setdefault("num_classes", len(kwargs["labels"]))
        return super().from_preset(preset, **kwargs)

    def compile(self, optimizer="auto", loss="auto", *, metrics="auto", **kwargs):
        """Compile; by default AdamW at 1e-3 and the loss and metrics of the problem."""
        defaults = {
            SINGLE_LABEL: (
                keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                [keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
            ),
            MULTI_LABEL: (
                keras.losses.BinaryCrossentropy(from_logits=True),
                [keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)],
            ),
            REGRESSION: (
                keras.losses.MeanSquaredError(),
                [keras.metrics.RootMeanSquaredError(name="rmse")],
            ),
        }[self.problem_type]
        super().compile(
            optimizer=FusedAdamW(1e-3) if optimizer == "auto" else optimizer,
            loss=defaults[0] if isinstance(loss, str) and loss == "auto" else loss,
            metrics=defaults[1] if isinstance(metrics, str) and metrics == "auto" else metrics,
            **kwargs,
        )

    def prepare_labels(self, y):
        """Label names to what the loss takes: numbers, or rows of 0 and 1 for several labels."""
        if self.problem_type == REGRESSION:
            return np.asarray(y, "float32")
        if self.problem_type == MULTI_LABEL and not isinstance(y, np.ndarray):
            rows = np.zeros((len(y), self.num_classes), "float32")
            for row, names in zip(rows, y):
                row[to_label_ids(np.array(list(names), dtype=object), self.labels)] = 1.0
            return rows
        return self._checked(to_label_ids(y, self.labels))

    def _checked(self, numbers):
        if numbers.ndim == 1 and not all(0 <= n < self.num_classes for n in np.unique(numbers)):
            raise UserError(
                f"Each label must be a number from 0 to {self.num_classes - 1}. "
                f"Received: numbers from {numbers.min()} to {numbers.max()}."
            )
        return numbers

    def predict_proba(self, x, batch_size=32, verbose=0):
        """Probabilities of the classes, `(texts, num_classes)`; for regression the scores."""
        return self.activate(self.predict(x, batch_size=batch_size, verbose=verbose))

    def predict_labels(self, x, batch_size=32, threshold=0.5, verbose=0):
        """The likeliest label of each text (a list of all above `threshold` for several)."""
        if self.problem_type == REGRESSION:
            raise UserError("A regression model has no labels: call `predict`.")
        probabilities = self.predict_proba(x, batch_size=batch_size, verbose=verbose)
        names = self.labels or list(range(self.num_classes))
        if self.problem_type == MULTI_LABEL:
            return [[n for n, p in zip(names, row) if p > threshold] for row in probabilities]
        return [names[index] for index in probabilities.argmax(axis=-1)]

    def activate(self, logits):
        """Logits to probabilities (regression: unchanged), in NumPy or tensors alike."""
        if self.problem_type == REGRESSION:
            return logits
        as_numpy = isinstance(logits, np.ndarray)
        function = ops.softmax if self.problem_type == SINGLE_LABEL else ops.sigmoid
        result = function(ops.cast(logits, "float32"))
        return ops.convert_to_numpy(result) if as_numpy else result
