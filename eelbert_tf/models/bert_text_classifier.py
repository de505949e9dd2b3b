"""`BertTextClassifier`: the head of `EelbertTextClassifier` on a BERT with its WordPieces."""

from eelbert_tf.errors import UserError
from eelbert_tf.layers.serialization import register
from eelbert_tf.models.bert_directory import load_bert
from eelbert_tf.models.compact_bert_backbone import CompactBertBackbone
from eelbert_tf.models.compatibility import longest_window
from eelbert_tf.models.eelbert_text_classifier import EelbertTextClassifier
from eelbert_tf.models.word_piece_preprocessor import WordPiecePreprocessor
from eelbert_tf.preset_names import task_kind


@register
class BertTextClassifier(EelbertTextClassifier):
    """What an EELBERT is compared with, a teacher, or what a BERT was compressed to.

    Args:
        backbone: `CompactBertBackbone`.
        preprocessor: `WordPiecePreprocessor`, or None where the caller preprocesses.
        **kwargs: as of `EelbertTextClassifier`.

    Example:

    ```python
    classifier = BertTextClassifier.from_preset("bert_directory", labels=["bad", "good"])
    classifier.fit(["a great film", "dreadful"], ["good", "bad"], epochs=10)
    ```
    """

    backbone_cls = CompactBertBackbone
    preprocessor_cls = WordPiecePreprocessor

    def __init__(self, backbone, **kwargs):
        super().__init__(backbone, **kwargs)
        backbone.pooled_dense.trainable = False  # the head pools by itself

    @classmethod
    def from_preset(cls, preset, max_words=None, **kwargs):
        """Make a classifier from a directory.

        Args:
            preset: str or path. What `save_to_preset` wrote; or a BERT's directory, of
                `BertBackbone`, `CompactBertBackbone` or Hugging Face, which gets a new head.
            max_words: int or None, the window; 128, or what the encoder can read, unless given.
            **kwargs: settings of the classifier.

        Raises:
            UserError: the directory holds no BERT, or the window is too long for it.
        """
        if task_kind(preset) == cls.__name__:
            if max_words is not None:
                kwargs["preprocessor"] = WordPiecePreprocessor.from_preset(
                    str(preset), max_words=max_words
                )
            return super().from_preset(preset, **kwargs)
        bert, tokenizer = load_bert(preset)
        longest = longest_window(bert)
        max_words = min(128, longest) if max_words is None else max_words
        if not 1 <= max_words <= longest:
            raise UserError(
                f"`max_words` must be between 1 and {longest} for {preset}. "
                f"Received: max_words={max_words}."
            )
        preprocessor = WordPiecePreprocessor(tokenizer, max_words)
        return cls(CompactBertBackbone.from_bert(bert), preprocessor=preprocessor, **kwargs)
