"""What is fine-tuned: a preset of this package, or a BERT with a table of WordPieces."""

import functools
import hashlib
import json
import pathlib

from eelbert_tf.models.bert_directory import load_bert
from eelbert_tf.models.problem_types import REGRESSION
from eelbert_tf.preset_names import ARCHITECTURES, is_bert, resolve

_CONTENT = (".json", ".h5", ".txt", ".safetensors")


class PresetModel:
    """Makes classifiers of a preset, each with a new head.

    Args:
        preset: str or path. An architecture of this package (its weights, too, are drawn anew for
            each seed), a preset directory of it, or that of a BERT; see `load_bert`.
        dtype: str, the policy of the encoder's computation.

    Attributes:
        name: as given.
        is_bert: bool. Whether it has WordPieces.

    Raises:
        UserError: there is no such preset.

    Example:

    ```python
    model = PresetModel("eelbert_uno")
    classifier = model.classifier(TASKS["rte"].labels, "pair", max_words=128, seed=0)
    ```
    """

    def __init__(self, preset, dtype="float32"):
        self.name = str(preset)
        self.is_bert = is_bert(preset)
        self._directory = self.name if self.is_bert else resolve(preset)
        self._dtype = dtype
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
        return self._task_class(
            backbone=self._backbone,
            preprocessor=self._preprocessor(max_words),
            pooling=pooling,
            cross_attention=cross_attention,
            **({"labels": list(labels)} if labels else {"problem_type": REGRESSION}),
        )

    @property
    def _task_class(self):
        from eelbert_tf.models import BertTextClassifier, EelbertTextClassifier

        return BertTextClassifier if self.is_bert else EelbertTextClassifier

    def _load_backbone(self):
        from eelbert_tf.models import CompactBertBackbone, EelbertBackbone

        if self.is_bert:
            bert, self._tokenizer = load_bert(self._directory, self._dtype)
            return CompactBertBackbone.from_bert(bert)
        return EelbertBackbone.from_preset(self.name, dtype=self._dtype)

    def _preprocessor(self, max_words):
        from eelbert_tf.models import EelbertPreprocessor, WordPiecePreprocessor

        if self.is_bert:
            return WordPiecePreprocessor(self._tokenizer, max_words)
        if self._directory is None:
            return EelbertPreprocessor.from_backbone(self._backbone, max_words=max_words)
        return EelbertPreprocessor.from_preset(self._directory, max_words=max_words)
