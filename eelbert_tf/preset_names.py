"""The names of presets and what a preset directory must hold. Imports no Keras."""

import json
import pathlib

from eelbert_tf.errors import UserError
from eelbert_tf.hashing.specification import HASH_VERSION, check_version
from eelbert_tf.shipped_presets import PRESET, model_directory, shipped_metrics, shipped_names

# Shapes of the paper, and `eelbert_plus`, ours: BERT-tiny's encoder on a non-linear transform of
# the hash and trained buckets of n-grams. They start from random weights.
ARCHITECTURES = {
    "eelbert_base": {
        "num_layers": 12,
        "num_heads": 12,
        "hidden_dim": 768,
        "intermediate_dim": 3072,
    },
    "eelbert_mini": {"num_layers": 4, "num_heads": 4, "hidden_dim": 256, "intermediate_dim": 1024},
    "eelbert_tiny": {"num_layers": 2, "num_heads": 2, "hidden_dim": 128, "intermediate_dim": 512},
    "eelbert_uno": {"num_layers": 2, "num_heads": 2, "hidden_dim": 128, "intermediate_dim": 128},
    "eelbert_plus": {
        "num_layers": 2,
        "num_heads": 2,
        "hidden_dim": 128,
        "intermediate_dim": 512,
        "hash_dim": 128,
        "hash_transform_dim": 256,
        "bucket_orders": (3, 4),
        "bucket_count": 8192,
        "bucket_dim": 64,
    },
}

# KerasHub's BERT, ours, and the name that Hugging Face gives it.
BERT_KINDS = ("BertBackbone", "CompactBertBackbone", "bert")

CONFIG_FILES = ("config.json", "model.weights.h5")


def resolve(preset):
    """The directory of a preset, or None where its name is that of an architecture.

    Args:
        preset: str or path. The name of an architecture; a directory, of a preset or of a model
            with its `preset/`; or the name of a shipped model.

    Returns:
        str, or None.

    Raises:
        UserError: there is no such preset, or its directory is damaged.
    """
    if str(preset) in ARCHITECTURES:
        return None
    directory = model_directory(preset)
    if not directory.is_dir():
        shipped = ", ".join(shipped_names())
        raise UserError(
            f"`preset` must be one of {', '.join(sorted(ARCHITECTURES))}, or a directory that "
            f"`save_to_preset` wrote{shipped and f', or a pretrained one of {shipped}'}. "
            f"Received: preset={str(preset)!r}."
        )
    if not (directory / CONFIG_FILES[0]).exists() and (directory / PRESET).is_dir():
        directory = directory / PRESET
    for name in CONFIG_FILES:
        if not (directory / name).is_file():
            raise UserError(
                f"A preset directory must hold {' and '.join(CONFIG_FILES)}. {name} is missing in "
                f"{directory}: save the model again, or copy the whole directory."
            )
    file = directory / "config.json"
    try:
        config = json.loads(file.read_text(encoding="utf-8"))["config"]
        check_version(config.get("hash_version", HASH_VERSION))
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{file} is damaged: it holds no settings of a model.") from error
    except ValueError as error:
        raise UserError(f"{file} cannot be used: {error}") from error
    return str(directory)


def list_presets():
    """All names that `from_preset` takes, besides directories.

    Returns:
        A dict from names to dicts of `description`, one line; `pretrained`, whether weights come
        with the package; and `bytes` of the files of a shipped model by name, else empty.

    Example:

    ```python
    for name, facts in eelbert_tf.list_presets().items():
        print(name, facts["description"])
    ```
    """
    presets = {
        name: {
            "description": f"{shape['num_layers']} layers of width {shape['hidden_dim']}, "
            "random weights",
            "pretrained": False,
            "bytes": {},
        }
        for name, shape in sorted(ARCHITECTURES.items())
    }
    for name in shipped_names():
        metrics = shipped_metrics(name)
        presets[name] = {
            "description": metrics.get("description", ""),
            "pretrained": True,
            "bytes": metrics.get("bytes", {}),
        }
    return presets


def task_kind(directory):
    """The class of the task that a preset directory holds; None where it has no head."""
    root = pathlib.Path(directory)
    try:
        task = json.loads((root / "task.json").read_text(encoding="utf-8"))["class_name"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return task


def is_bert(directory):
    """Whether a directory holds a BERT with its WordPieces, and no EELBERT."""
    return bert_kind(directory) is not None


def bert_kind(directory):
    """What a BERT's directory holds: one of `BERT_KINDS`; None where there is no BERT."""
    try:
        text = (pathlib.Path(directory) / "config.json").read_text(encoding="utf-8")
        config = json.loads(text)
    except (OSError, ValueError):
        return None
    if not isinstance(config, dict):
        return None
    kinds = (config.get("class_name"), config.get("model_type"))
    return next((kind for kind in kinds if kind in BERT_KINDS), None)
