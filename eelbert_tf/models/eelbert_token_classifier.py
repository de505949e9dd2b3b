"""`EelbertTokenClassifier`: a tag for each word (slots, names, parts of speech)."""

import keras
import keras_hub
import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.hashing import reference
from eelbert_tf.layers.serialization import register
from eelbert_tf.models.compatibility import check_compatible
from eelbert_tf.models.encoder_layers import initializer
from eelbert_tf.models.text_inputs import to_label_ids
from eelbert_tf.models.text_task import TextTask
from eelbert_tf.training.fused_adamw import FusedAdamW

_IGNORED = -1


@register
class EelbertTokenClassifier(TextTask, keras_hub.models.Task):
    """A tag for each token of a text.

    A text is a list of tokens (or a `str`, split at spaces). The hash may cut a token into
    several words ("U.S."): the first of them carries the token's tag, the others none.

    Args:
        backbone: `EelbertBackbone`.
        labels: list of str, the tags.
        preprocessor: `EelbertPreprocessor`, or None.
        dropout: float, before the last layer.

    Returns:
        Logits `(batch, sequence, len(labels))`.

    Example:

    ```python
    tagger = EelbertTokenClassifier.from_preset("eelbert_uno", labels=["O", "CITY"])
    tagger.fit([["fly", "to", "Oslo"]], [["O", "O", "CITY"]], epochs=20)
    tagger.predict_tags(["drive to Bergen"])
    ```
    """

    def __init__(self, backbone, labels, preprocessor=None, dropout=0.1, **kwargs):
        check_compatible(backbone, preprocessor)
        if getattr(preprocessor, "tokenizer", None) is not None:
            raise ValueError("Tags belong to words: leave the preprocessor's `tokenizer` out.")

        # === Layers ===
        self.backbone = backbone
        self.preprocessor = preprocessor
        dtype = backbone.dtype_policy
        self.output_dropout = keras.layers.Dropout(dropout, dtype=dtype, name="output_dropout")
        self.output_dense = keras.layers.Dense(
            len(labels), kernel_initializer=initializer(), dtype=dtype, name="logits"
        )

        # === Functional model ===
        outputs = self.output_dense(self.output_dropout(backbone(backbone.input)))
        super().__init__(inputs=backbone.input, outputs=outputs, **kwargs)

        # === Config ===
        self.labels = list(labels)
        self.dropout = dropout

    def get_config(self):
        return {**super().get_config(), "labels": self.labels, "dropout": self.dropout}

    def compile(self, optimizer="auto", loss="auto", **kwargs):
        """Compile; by default AdamW at 1e-3 and cross-entropy over the tokens that have a tag."""
        if isinstance(loss, str) and loss == "auto":
            loss = keras.losses.SparseCategoricalCrossentropy(
                from_logits=True, ignore_class=_IGNORED
            )
        super().compile(
            optimizer=FusedAdamW(1e-3) if optimizer == "auto" else optimizer,
            loss=loss,
            **kwargs,
        )

    def _columns(self, x):
        return _tokens(x), None

    def _batches(self, x, y=None, *args, **kwargs):
        if hasattr(x, "element_spec"):
            raise UserError("Tags need lists of tokens, not a dataset: give `x` and `y` as lists.")
        tokens = _tokens(x)
        if y is not None:
            y = self._tags_of_words(tokens, y)
        data = super()._batches([" ".join(text) for text in tokens], y, *args, **kwargs)
        return data if y is None else data.map(_cut_to_sequence)

    def _tags_of_words(self, tokens, tags):
        if len(tokens) != len(tags):
            raise UserError(
                "Texts and rows of tags must be equally many. "
                f"Received: {len(tokens)} texts, {len(tags)} rows of tags."
            )
        matrix = np.full((len(tokens), self.preprocessor.max_words + 2), _IGNORED, "int32")
        for row, (text, names) in enumerate(zip(tokens, tags)):
            if len(text) != len(names):
                raise UserError(
                    "A text must have one tag for each token. "
                    f"Received: {len(text)} tokens, {len(names)} tags in row {row}."
                )
            numbers = to_label_ids(np.array(list(names), dtype=object), self.labels)
            for place, number in zip(self._first_words(text), numbers):
                if place is not None:
                    matrix[row, place] = number
        return matrix

    def _first_words(self, tokens):
        """The place in the sequence of each token's first word; None where it has none there."""
        read = reference.words(" ".join(tokens), self.preprocessor.max_characters)
        last = min(len(read), self.preprocessor.max_words)
        places, place = [], 1
        for token in tokens:
            count = len(reference.words(token, len(token) + 1))
            places.append(place if count and place <= last else None)
            place += count
        return places

    def predict(self, x, batch_size=None, **kwargs):
        """Logits of preprocessed inputs alone: those of texts differ in length."""
        if not self._passes(x):
            raise UserError("Logits of texts differ in length. Call `predict_tags`.")
        return super().predict(x, batch_size, **kwargs)

    def predict_tags(self, x, batch_size=32):
        """The tags of each text's tokens; None behind the window and for tokens without words."""
        tokens = _tokens(x)
        result = []
        for start in range(0, len(tokens), batch_size):
            part = tokens[start : start + batch_size]
            inputs = self.preprocessor([" ".join(text) for text in part])
            best = np.argmax(keras.ops.convert_to_numpy(self(inputs, training=False)), axis=-1)
            for text, row in zip(part, best):
                places = self._first_words(text)
                result.append([None if p is None else self.labels[row[p]] for p in places])
        return result


def _tokens(x):
    """Texts as lists of tokens."""
    rows = [x] if isinstance(x, str) else x
    rows = [text.split() if isinstance(text, str) else text for text in rows]
    for number, row in enumerate(rows):
        is_row = isinstance(row, (list, tuple, np.ndarray))
        if not is_row or not all(isinstance(token, str) for token in row):
            raise UserError(
                "Each text must be a string or a list of strings. "
                f"Received: {row!r} at row {number}."
            )
    return rows


def _cut_to_sequence(x, y, *sample_weight):
    return x, y[:, : keras.ops.shape(x["padding_mask"])[1]], *sample_weight
