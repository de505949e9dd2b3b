"""`EncoderPreset`: what methods take that turn a trained encoder into a smaller one."""

import dataclasses
import json
import pathlib

import keras
import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.preset_names import ARCHITECTURES, BERT_KINDS, is_bert, resolve
from eelbert_tf.shipped_presets import PRESET, model_directory

KNOWN_BACKBONES = (*BERT_KINDS, "EelbertBackbone")


@dataclasses.dataclass(frozen=True)
class EncoderPreset:
    """An encoder and what makes its inputs of texts.

    Attributes:
        backbone: `keras_hub.models.BertBackbone`, `CompactBertBackbone` or `EelbertBackbone`.
        tokenizer: `keras_hub.models.BertTokenizer`; of an `EelbertBackbone`, its
            `EelbertPreprocessor`.
        directory: path that it was loaded from, or None. A head may lie there.
    """

    backbone: keras.Model
    tokenizer: object
    directory: pathlib.Path | None = None

    @classmethod
    def load(cls, directory):
        """Load a directory: a BERT's, a preset's, or that of a trained model.

        Args:
            directory: str or path; or the name of a shipped model. Heads are left out.

        Raises:
            UserError: there is none, its backbone is of an unknown class, or a weight is NaN.

        Example:

        ```python
        EncoderPreset.load("my_bert").backbone.count_params()
        ```
        """
        directory = preset_directory(directory)
        _check_backbone(directory)
        if is_bert(directory):
            from eelbert_tf.models.bert_directory import load_bert

            source = cls(*load_bert(directory), directory)
        else:
            from eelbert_tf.models import EelbertBackbone, EelbertPreprocessor

            source = cls(
                EelbertBackbone.from_preset(directory),
                EelbertPreprocessor.from_preset(directory),
                directory,
            )
        check_finite(source.backbone, directory)
        return source

    def save(self, directory):
        """Write a preset directory."""
        self.backbone.save_to_preset(str(directory))
        self.tokenizer.save_to_preset(str(directory))


def preset_directory(directory):
    """The path of the preset that a directory is or, as that of a trained model, holds.

    Raises:
        UserError: there is none.
    """
    if str(directory) in ARCHITECTURES:
        raise UserError(
            f"{directory} is an architecture of random weights: nothing is lost by a smaller one. "
            "Name a directory of a trained model, or a shipped model."
        )
    path = model_directory(directory)
    if not (path / "config.json").is_file() and (path / PRESET).is_dir():
        path = path / PRESET
    return path if (path / "config.json").is_file() else pathlib.Path(resolve(path))


def check_finite(backbone, name):
    """Raise where weights hold NaN or infinity.

    Raises:
        UserError: it names the first of them.
    """
    for variable in backbone.weights:
        if not np.isfinite(np.asarray(variable, "float32")).all():
            raise UserError(
                f"Weights must be finite numbers. Received: NaN or infinity in {variable.path} of "
                f"{name}. Use an earlier checkpoint, or train again with a lower learning rate."
            )


def _check_backbone(directory):
    """Raise where a preset is of a class that no method here knows.

    Raises:
        UserError: it lists those that are known.
    """
    file = directory / "config.json"
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
        received = config.get("class_name") or config.get("model_type")
    except (OSError, ValueError, AttributeError) as error:
        raise UserError(f"{file} is damaged: {error}. Copy the whole directory again.") from error
    if received not in KNOWN_BACKBONES:
        raise UserError(
            f"The backbone must be one of {', '.join(KNOWN_BACKBONES)} (the third is Hugging "
            f"Face's BERT). Received: {received} in {directory}."
        )
