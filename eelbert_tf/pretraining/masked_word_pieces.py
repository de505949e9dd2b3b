"""`MaskedWordPieces`: BERT's own masked LM, for an encoder that reads WordPieces."""

import keras
import keras_hub
import numpy as np

from eelbert_tf.models.encoder_layers import initializer
from eelbert_tf.pretraining.corruption import Corruption

ASKED, HIDDEN, RANDOM = 0.15, 0.8, 0.1


class MaskedWordPieces:
    """Which WordPiece stood here? A softmax over the vocabulary (BERT, arXiv 1810.04805).

    15 % of a sequence's pieces are asked, of which 80 % are hidden, 10 % replaced and 10 % kept.
    The head is that of KerasHub's `BertMaskedLM`: its output matrix is the token table.

    Args:
        backbone: `keras_hub.models.BertBackbone`.
        mask_token_id: int.
    """

    corruption = Corruption()
    tables = {}
    losses = {"masked_pieces": "sparse_categorical_crossentropy_from_logits"}

    def __init__(self, backbone, mask_token_id):
        self._embedding, self._mask_token_id = backbone.token_embedding, mask_token_id
        self._dtype = backbone.dtype_policy

    def head(self, inputs, x):
        positions = keras.Input((None,), dtype="int32", name="mask_positions")
        logits = keras_hub.layers.MaskedLMHead(
            token_embedding=self._embedding,
            intermediate_activation="gelu",
            kernel_initializer=initializer(),
            dtype=self._dtype,
            name="mlm_head",
        )(x, positions)
        return {"masked_pieces": logits}, {"mask_positions": positions}

    def targets(self, example, rng):
        ids = example.inputs["token_ids"]
        positions, weight = asked_positions(example.word_index >= 0, rng)
        labels = np.take_along_axis(ids, positions, axis=1)
        draws = rng.random(labels.shape)
        others = rng.integers(self._embedding.input_dim, size=labels.shape, dtype="int32")
        shown = np.where(draws < HIDDEN + RANDOM, others, labels)
        shown = np.where(draws < HIDDEN, np.int32(self._mask_token_id), shown)
        changed = ids.copy()
        rows = np.arange(len(ids))[:, None]
        changed[rows, positions] = np.where(weight, shown, labels)
        x = {"token_ids": changed, "mask_positions": positions}
        weights = weight.astype("float32") * (weight.size / weight.sum())
        return x, {"masked_pieces": labels}, {"masked_pieces": weights}


def asked_positions(inside, rng):
    """Draw 15 % of the places of each sequence, at least one.

    Args:
        inside: bool `(batch, length)`, true where a piece stands that may be asked.
        rng: `numpy.random.Generator`.

    Returns:
        `(positions, weight)`: int32 and bool `(batch, most asked of a sequence)`; places without
        weight fill up, and none of them is drawn twice.
    """
    counts = np.maximum(1, np.rint(inside.sum(axis=1) * ASKED).astype("int32"))
    order = np.argsort(np.where(inside, rng.random(inside.shape), 2.0), axis=1)
    positions = order[:, : counts.max()].astype("int32")
    return positions, np.arange(counts.max()) < counts[:, None]
