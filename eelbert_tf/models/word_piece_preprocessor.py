"""`WordPiecePreprocessor`: texts, or pairs of texts, to the WordPieces that a BERT takes."""

import functools

import keras
import keras_hub

from eelbert_tf.errors import UserError
from eelbert_tf.hashing import packing
from eelbert_tf.layers.serialization import register
from eelbert_tf.models.compact_bert_backbone import CompactBertBackbone, CompactBertTokenizer


@register
class WordPiecePreprocessor(keras_hub.models.Preprocessor):
    """Texts to WordPieces, packed and cut as `EelbertPreprocessor` packs and cuts words.

    It works on TensorFlow, by the operations of tensorflow-text.

    Args:
        tokenizer: `keras_hub.models.BertTokenizer`.
        max_words: int. WordPieces of a text, of a pair in all; what is behind is left out. Of a
            pair the longer text gives way first.

    Call arguments:
        x: a string tensor `(batch,)`, or a tuple of two.
        y, sample_weight: passed through.

    Returns:
        A dict of `token_ids`, `padding_mask` and `segment_ids`, `(batch, sequence)`; with `y`, a
        tuple as `fit` takes it.

    Raises:
        UserError: `max_words` is out of range.

    Example:

    ```python
    preprocessor = WordPiecePreprocessor(tokenizer, max_words=64)
    preprocessor(tf.constant(["a fine film"]))["token_ids"]
    ```
    """

    backbone_cls = CompactBertBackbone
    tokenizer_cls = CompactBertTokenizer
    is_random = False

    def __init__(self, tokenizer, max_words=128, **kwargs):
        super().__init__(**kwargs)
        # A tuple is a pair of texts here, not a text and its label.
        self._call_accepts_labels = False
        if max_words < 1:
            raise UserError(f"`max_words` must be at least 1. Received: max_words={max_words}.")
        self.tokenizer, self.max_words = tokenizer, max_words

    @functools.cached_property
    def _pieces(self):
        """The tokenizer as a graph: called eagerly it would work in Python, on lists."""
        import tensorflow as tf

        return tf.function(
            lambda text: self.tokenizer(text), input_signature=[tf.TensorSpec([None], tf.string)]
        )

    def call(self, x, y=None, sample_weight=None):
        import tensorflow as tf

        columns = [self._pieces(column) for column in (x if isinstance(x, tuple) else (x,))]
        counts = [tf.cast(column.row_lengths(), tf.int32) for column in columns]
        counts, pair_counts = packing.truncated_counts(
            *(counts if len(counts) == 2 else (*counts, None)), self.max_words
        )
        ends = counts + 2 if pair_counts is None else counts + pair_counts + 3
        layout = packing.layout(counts, pair_counts, tf.reduce_max(ends))
        pieces = [_at(column, layout.places) for column in columns]
        ids = tf.where(layout.segment_ids == 1, pieces[-1], pieces[0])
        special = {
            packing.PAD: self.tokenizer.pad_token_id,
            packing.CLS: self.tokenizer.cls_token_id,
            packing.SEP: self.tokenizer.sep_token_id,
        }
        for token, number in special.items():
            ids = tf.where(layout.tokens == token, number, ids)
        x = {
            "token_ids": ids,
            "padding_mask": layout.tokens != packing.PAD,
            "segment_ids": layout.segment_ids,
        }
        return keras.utils.pack_x_y_sample_weight(x, y, sample_weight)

    def get_config(self):
        return {**super().get_config(), "max_words": self.max_words}


def _at(column, places):
    """The pieces of texts at places; of a text of none, 0."""
    import tensorflow as tf

    pieces = tf.pad(tf.cast(column.to_tensor(), tf.int32), [[0, 0], [0, 1]])
    return tf.gather(pieces, tf.minimum(places, tf.shape(pieces)[1] - 1), batch_dims=1)
