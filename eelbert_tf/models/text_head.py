"""`TextHead`: from an encoder's outputs to logits, for any encoder."""

import keras
import numpy as np
from keras import ops

from eelbert_tf.layers.serialization import register
from eelbert_tf.models.alignment import novelty, pair_masks
from eelbert_tf.models.encoder_layers import initializer
from eelbert_tf.poolings import PAIR_POOLINGS


@register
class TextHead(keras.layers.Layer):
    """Pools an encoder's outputs; then BERT's pooler (dense, tanh), dropout and a dense layer.

    Args:
        hidden_dim: int. Width of the encoder and of the pooler.
        num_classes: int. Width of the answer.
        pooling: `"cls"`, the first token's output; `"mean"`, of all tokens; `"cls_mean"`, both;
            `"pair"`, the first token's output, the means u and v of both texts, |u - v| and u * v
            (the last four as in InferSent, Conneau et al., 2017, arXiv 1705.02364);
            `"aligned_pair"`, the last two of these, and the mean of each text with its words
            weighted by their `novelty`: what it says that the other does not.
        dropout: float, before the last layer.

    Call arguments:
        sequence_output: float `(batch, sequence, hidden_dim)`.
        padding_mask: bool or int `(batch, sequence)`.
        segment_ids: int32 `(batch, sequence)`.
        word_vectors: float `(batch, sequence, dim)`, before the encoder; for `"aligned_pair"`.

    Returns:
        `(batch, num_classes)`.

    Raises:
        ValueError: `pooling` is not known.

    Example:

    >>> head = TextHead(hidden_dim=8, num_classes=2, pooling="mean")
    >>> head(np.ones((1, 3, 8)), np.ones((1, 3)), np.zeros((1, 3), "int32")).shape
    TensorShape([1, 2])
    """

    def __init__(self, hidden_dim, num_classes, pooling="cls_mean", dropout=0.1, **kwargs):
        super().__init__(**kwargs)
        if pooling not in PAIR_POOLINGS:
            raise ValueError(
                f"`pooling` must be one of {', '.join(PAIR_POOLINGS)}. "
                f"Received: pooling={pooling!r}."
            )
        self.hidden_dim, self.num_classes = hidden_dim, num_classes
        self.pooling, self.dropout = pooling, dropout
        self.pooled_dense = keras.layers.Dense(
            hidden_dim,
            activation="tanh",
            kernel_initializer=initializer(),
            dtype=self.dtype_policy,
            name="pooled_dense",
        )
        self.output_dropout = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="output_dropout"
        )
        self.output_dense = keras.layers.Dense(
            num_classes, kernel_initializer=initializer(), dtype=self.dtype_policy, name="logits"
        )

    def build(self, sequence_shape, *shapes):
        width = PAIR_POOLINGS[self.pooling] * sequence_shape[-1]
        self.pooled_dense.build((sequence_shape[0], width))
        self.output_dense.build((sequence_shape[0], self.hidden_dim))
        self.built = True

    def call(self, sequence_output, padding_mask, segment_ids, word_vectors=None, training=None):
        x = self._pooled(sequence_output, padding_mask, segment_ids, word_vectors)
        return self.output_dense(self.output_dropout(self.pooled_dense(x), training=training))

    def answer_at_first(self, scores):
        """Let a new head answer the mean of scores, those that it will learn from, floats.

        How large they are would else take many steps to learn.
        """
        self.output_dense.bias.assign([np.mean(scores)])

    def compute_output_spec(self, sequence_output, *inputs, training=None):
        return keras.KerasTensor(
            (sequence_output.shape[0], self.num_classes), dtype=self.compute_dtype
        )

    def _pooled(self, x, padding_mask, segment_ids, word_vectors):
        mask = ops.cast(padding_mask, x.dtype)
        parts = []
        if self.pooling in ("cls", "cls_mean", "pair"):
            parts.append(x[:, 0, :])
        if self.pooling in ("mean", "cls_mean"):
            parts.append(masked_mean(x, mask))
        if self.pooling in ("pair", "aligned_pair"):
            second = mask * ops.cast(segment_ids, x.dtype)
            u, v = masked_mean(x, mask - second), masked_mean(x, second)
            parts += [u, v] if self.pooling == "pair" else []
            parts += [ops.abs(u - v), u * v]
        if self.pooling == "aligned_pair":
            first, second = pair_masks(padding_mask, segment_ids, "float32")
            for own, other in ((first, second), (second, first)):
                new = ops.cast(novelty(word_vectors, own, other), x.dtype)
                parts.append(masked_mean(x, ops.cast(own, x.dtype), new))
        return ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]

    def get_config(self):
        return {
            **super().get_config(),
            "hidden_dim": self.hidden_dim,
            "num_classes": self.num_classes,
            "pooling": self.pooling,
            "dropout": self.dropout,
        }


def masked_mean(x, mask, weights=None):
    """The mean over a sequence of what a mask keeps: `(batch, dim)`, zeros where it keeps nothing.

    Args:
        x: float `(batch, sequence, dim)`.
        mask: float `(batch, sequence)` of 0 and 1.
        weights: float `(batch, sequence)`, 0 where the mask is, or None. What each place is
            multiplied with; the sum is divided by how many places there are.
    """
    count = ops.maximum(ops.sum(mask, axis=1, keepdims=True), 1.0)
    weights = mask if weights is None else weights
    return ops.sum(x * weights[..., None], axis=1) / count
