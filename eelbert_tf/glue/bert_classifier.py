"""BERT with its table of WordPieces under the same head: what a preset is compared with."""

import keras
import tensorflow as tf

from eelbert_tf.hashing import packing
from eelbert_tf.models.encoding import encoded
from eelbert_tf.models.text_head import TextHead


class WordPiecePreprocessor:
    """Texts to WordPieces, packed and cut as `EelbertPreprocessor` packs and cuts words.

    Args:
        tokenizer: `keras_hub.models.BertTokenizer`.
        max_words: int. WordPieces of a text, of a pair in all.

    Example:

    ```python
    preprocessor = WordPiecePreprocessor(tokenizer, max_words=64)
    preprocessor(tf.constant(["a fine film"]))["token_ids"]
    ```
    """

    def __init__(self, tokenizer, max_words):
        self.tokenizer, self.max_words = tokenizer, max_words
        # Called eagerly the tokenizer would work in Python, on lists.
        self._pieces = tf.function(
            lambda text: tokenizer(text), input_signature=[tf.TensorSpec([None], tf.string)]
        )
        self._special = {
            packing.PAD: tokenizer.pad_token_id,
            packing.CLS: tokenizer.cls_token_id,
            packing.SEP: tokenizer.sep_token_id,
        }

    def __call__(self, x):
        """A string tensor `(batch,)`, or a tuple of two, to a dict of `token_ids`, `padding_mask`
        and `segment_ids`, `(batch, sequence)`."""
        columns = [self._pieces(column) for column in (x if isinstance(x, tuple) else (x,))]
        counts = [tf.cast(column.row_lengths(), tf.int32) for column in columns]
        counts, pair_counts = packing.truncated_counts(
            *(counts if len(counts) == 2 else (*counts, None)), self.max_words
        )
        ends = counts + 2 if pair_counts is None else counts + pair_counts + 3
        layout = packing.layout(counts, pair_counts, tf.reduce_max(ends))
        pieces = [self._at(column, layout.places) for column in columns]
        ids = tf.where(layout.segment_ids == 1, pieces[-1], pieces[0])
        for token, number in self._special.items():
            ids = tf.where(layout.tokens == token, number, ids)
        return {
            "token_ids": ids,
            "padding_mask": layout.tokens != packing.PAD,
            "segment_ids": layout.segment_ids,
        }

    @staticmethod
    def _at(column, places):
        """The pieces of texts at places; of a text of none, 0."""
        pieces = tf.pad(tf.cast(column.to_tensor(), tf.int32), [[0, 0], [0, 1]])
        return tf.gather(pieces, tf.minimum(places, tf.shape(pieces)[1] - 1), batch_dims=1)


def bert_classifier(backbone, preprocessor, num_classes, pooling, cross_attention=True):
    """A functional model of a BERT encoder and a `TextHead`.

    Args:
        backbone: `keras_hub.models.BertBackbone`. Its own pooler is not used.
        preprocessor: `WordPiecePreprocessor`.
        num_classes: int. Width of the answer.
        pooling: as in `TextHead`.
        cross_attention: as in `encoded`.

    Returns:
        A `keras.Model` to logits, with `backbone` and `preprocessor`.

    Example:

    ```python
    model = bert_classifier(backbone, WordPiecePreprocessor(tokenizer, 64), 2, "cls_mean")
    ```
    """
    inputs = backbone.input
    x = encoded(backbone, cross_attention)
    head = TextHead(backbone.hidden_dim, num_classes, pooling=pooling, name="head")
    model = keras.Model(inputs, head(x, inputs["padding_mask"], inputs["segment_ids"]))
    model.backbone, model.preprocessor, model.head = backbone, preprocessor, head
    return model
