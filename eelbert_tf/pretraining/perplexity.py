"""Perplexity of a masked LM over held-out text: the same questions for every model."""

import keras
import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining.masked_word_pieces import MaskedWordPieces
from eelbert_tf.pretraining.pretraining_model import Examples
from eelbert_tf.pretraining.sequences import PackedBatches
from eelbert_tf.pretraining.word_inputs import PieceInputs, row_length
from eelbert_tf.pretraining.word_piece_table import WordPieceTable


def masked_batches(
    shards, masked_lm, indices=None, words=None, row_words=126, batch_tokens=2048, seed=0
):
    """Rows of held-out text whose pieces are hidden at random, drawn once.

    As in BERT's training, 15 % of the pieces are asked, of which 80 % are hidden, 10 % replaced
    and 10 % kept.

    Args:
        shards: `Shards`.
        masked_lm: `keras_hub.models.BertMaskedLM`.
        indices: list of int, the shards to read; all unless given.
        words: int or None. Words to read, about; all unless given.
        row_words: int. Words of a row.
        batch_tokens: int. Places of a batch.
        seed: int, of the rows and of what is hidden.

    Returns:
        list of `(x, labels, weights)`: the inputs of `BertMaskedLM`, the pieces that were there
        and 1 or 0, arrays `(batch, asked)`.

    Raises:
        UserError: the shards hold less than a row.
    """
    backbone = masked_lm.backbone
    tokenizer = masked_lm.preprocessor.tokenizer
    table = WordPieceTable(tokenizer, shards.words()[0])
    inputs = PieceInputs(table, row_length(backbone, row_words))
    objective = MaskedWordPieces(backbone, tokenizer.mask_token_id)
    rows = PackedBatches(shards, batch_tokens, seed, indices, row_words)
    examples = Examples(rows, inputs, [objective], seed).from_step(0)
    batches, read = [], 0
    for _ in range(rows.steps_of_epoch()):
        count, part_of = next(examples)
        x, labels, weights = part_of(0, 1)
        name = next(iter(labels))
        batches.append((x, labels[name], (weights[name] > 0).astype("float32")))
        read += count
        if words is not None and read >= words:
            break
    if not batches:
        raise UserError(
            f"Perplexity needs a row of {row_words} words. Received: fewer in {shards.directory}."
        )
    return batches


class Perplexity:
    """The perplexity of an encoder under the head of a masked LM.

    The output matrix stays the masked LM's own token table, whatever table the encoder reads.

    Args:
        backbone: `keras_hub.models.BertBackbone` or `CompactBertBackbone`, of the masked LM or in
            its place. Its weights may change between calls.
        masked_lm: `keras_hub.models.BertMaskedLM`.
        batches: what `masked_batches` gives.

    Example:

    ```python
    task = load_masked_lm("my_bert")
    batches = masked_batches(Shards("held_out"), task)
    Perplexity(task.backbone, task, batches)()
    ```
    """

    def __init__(self, backbone, masked_lm, batches):
        positions = keras.Input((None,), dtype="int32", name="mask_positions")
        labels = keras.Input((None,), dtype="int32", name="labels")
        logits = masked_lm.masked_lm_head(backbone.output["sequence_output"], positions)
        losses = keras.ops.sparse_categorical_crossentropy(
            labels, keras.ops.cast(logits, "float32"), from_logits=True
        )
        inputs = {**backbone.input, "mask_positions": positions, "labels": labels}
        self._model = keras.Model(inputs, losses)
        # XLA would compile anew for every shape.
        self._model.compile(jit_compile=False)
        self._batches = batches

    def __call__(self):
        """exp of the mean cross-entropy at the asked positions: float."""
        total = count = 0.0
        for x, labels, weights in self._batches:
            losses = self._model.predict_on_batch({**x, "labels": labels})
            total += float((losses * weights).sum())
            count += float(weights.sum())
        return float(np.exp(total / count))
