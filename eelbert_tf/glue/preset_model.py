"""What is fine-tuned: a preset of this package, or a BERT with a table of WordPieces."""

import functools
import hashlib
import json
import pathlib

from eelbert_tf.errors import UserError
from eelbert_tf.preset_names import ARCHITECTURES, is_bert, resolve

_CONTENT = (".json", ".h5", ".txt", ".safetensors")


class PresetModel:
    """Makes classifiers of a preset, each with a new head.

    Args:
        preset: str or path. An architecture of this package (its weights, too, are drawn anew for
            each seed), a preset directory of it, or one of KerasHub's `BertBackbone` and its
            tokenizer.

    Attributes:
        name: as given.
        is_bert: bool. Whether it is a `BertBackbone`.

    Raises:
        UserError: there is no such preset.

    Example:

    ```python
    model = PresetModel("eelbert_uno")
    classifier = model.classifier(TASKS["rte"].labels, "pair", max_words=128, seed=0)
    ```
    """

    def __init__(self, preset):
        self.name = str(preset)
        self.is_bert = is_bert(preset)
        self._directory = self.name if self.is_bert else resolve(preset)
        self._backbone = None

    @functools.cached_property
    def fingerprint(self):
        """A digest of what the preset holds: settings, weights, vocabulary."""
        digest = hashlib.blake2b(digest_size=16)
        if self._directory is None:
            digest.update(json.dumps(ARCHITECTURES[self.name], sort_keys=True).encode())
            return digest.hexdigest()
        root = pathlib.Path(self._directory)
        for path in sorted(path for path in root.rglob("*") if path.suffix in _CONTENT):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def classifier(self, labels, pooling, max_words, seed, cross_attention=True):
        """A classifier whose head is drawn with a seed.

        All classifiers of a directory share its encoder: train copies of the weights.

        Args:
            labels: tuple of str; empty for scores.
            pooling: as in `TextHead`.
            max_words: int, the window.
            seed: int.
            cross_attention: as in `encoded`.

        Returns:
            A Keras model from a dict of inputs to logits, with `backbone` and `preprocessor`.

        Raises:
            ValueError: the window is too long for the encoder.
        """
        import keras

        keras.utils.set_random_seed(seed)
        if self._backbone is None or self._directory is None:
            self._backbone = self._load_backbone()
        keras.utils.set_random_seed(seed)  # the head's draw, whether or not an encoder was drawn
        if self.is_bert:
            return self._bert(len(labels) or 1, pooling, max_words, cross_attention)
        return self._eelbert(labels, pooling, max_words, cross_attention)

    def _load_backbone(self):
        if self.is_bert:
            import keras_hub

            return keras_hub.models.BertBackbone.from_preset(self._directory)
        from eelbert_tf.models import EelbertBackbone

        return EelbertBackbone.from_preset(self.name)

    def _eelbert(self, labels, pooling, max_words, cross_attention):
        from eelbert_tf.models import EelbertPreprocessor, EelbertTextClassifier
        from eelbert_tf.models.problem_types import REGRESSION

        if self._directory is None:
            preprocessor = EelbertPreprocessor.from_backbone(self._backbone, max_words=max_words)
        else:
            preprocessor = EelbertPreprocessor.from_preset(self._directory, max_words=max_words)
        problem = {"labels": list(labels)} if labels else {"problem_type": REGRESSION}
        return EelbertTextClassifier(
            backbone=self._backbone,
            preprocessor=preprocessor,
            pooling=pooling,
            cross_attention=cross_attention,
            **problem,
        )

    def _bert(self, outputs, pooling, max_words, cross_attention):
        import keras_hub

        from eelbert_tf.glue.bert_classifier import WordPiecePreprocessor, bert_classifier
        from eelbert_tf.models.compatibility import SPECIAL_TOKENS_OF_PAIR

        longest = self._backbone.max_sequence_length - SPECIAL_TOKENS_OF_PAIR
        if not 1 <= max_words <= longest:
            raise UserError(
                f"`max_words` must be between 1 and {longest} for {self.name}. "
                f"Received: max_words={max_words}."
            )
        tokenizer = keras_hub.models.BertTokenizer.from_preset(self._directory)
        preprocessor = WordPiecePreprocessor(tokenizer, max_words)
        return bert_classifier(self._backbone, preprocessor, outputs, pooling, cross_attention)
