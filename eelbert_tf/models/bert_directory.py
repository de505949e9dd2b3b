"""The directory of a BERT with its WordPieces: KerasHub's, ours, or Hugging Face's."""

import pathlib

from eelbert_tf.errors import UserError
from eelbert_tf.preset_names import bert_kind, task_kind


def load_bert(directory, dtype=None):
    """The backbone and the tokenizer of a BERT's directory.

    Args:
        directory: str or path of a KerasHub preset of a `BertBackbone`, one of a
            `CompactBertBackbone`, or Hugging Face's files (config.json, model.safetensors,
            vocab.txt).
        dtype: of the computation; as saved unless given.

    Returns:
        `(backbone, tokenizer)`.

    Raises:
        UserError: it cannot be loaded.
    """
    import keras_hub

    from eelbert_tf.models.compact_bert_backbone import CompactBertBackbone, CompactBertTokenizer

    if bert_kind(directory) == CompactBertBackbone.__name__:
        backbone_class, tokenizer_class = CompactBertBackbone, CompactBertTokenizer
    else:
        backbone_class = keras_hub.models.BertBackbone
        tokenizer_class = keras_hub.models.BertTokenizer
    try:
        tokenizer = tokenizer_class.from_preset(str(directory))
        backbone = backbone_class.from_preset(str(directory), dtype=dtype)
    except ImportError as error:
        raise UserError(
            f"Reading {directory} needs safetensors: pip install 'eelbert_tf[teacher]' ({error})."
        ) from None
    except Exception as error:  # KerasHub raises whatever it meets
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UserError(
            f"{directory} must hold a BERT: a KerasHub preset, or config.json, model.safetensors "
            f"and vocab.txt of Hugging Face. It cannot be loaded: {reason}"
        ) from error
    return backbone, tokenizer


def has_masked_lm(directory):
    """Whether a BERT's directory holds the head of a masked LM, too."""
    # KerasHub would draw a new head where its weights are missing.
    weights = pathlib.Path(directory) / "task.weights.h5"
    return task_kind(directory) == "BertMaskedLM" and weights.is_file()


def load_masked_lm(directory):
    """A `keras_hub.models.BertMaskedLM` with the head that was trained.

    Raises:
        UserError: the directory holds no such head.
    """
    import keras_hub

    if not has_masked_lm(directory):
        raise UserError(
            f"The head of a masked LM is needed. Received: none in {directory}. `eelbert pretrain "
            "--preset BERT --objective masked_lm` writes one."
        )
    return keras_hub.models.BertMaskedLM.from_preset(str(directory))
