"""The names of presets and what a preset directory must hold. Imports no Keras."""

import json
import pathlib

from eelbert_tf.errors import UserError
from eelbert_tf.hashing.specification import HASH_VERSION, check_version

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

CONFIG_FILES = ("config.json", "model.weights.h5")


def resolve(preset):
    """The directory of a preset, or None where its name is that of an architecture.

    Raises:
        UserError: there is no such preset, or its directory is damaged.
    """
    if str(preset) in ARCHITECTURES:
        return None
    directory = pathlib.Path(preset)
    if not directory.is_dir():
        names = ", ".join(sorted(ARCHITECTURES))
        raise UserError(
            f"`preset` must be one of {names}, or a directory that `save_to_preset` wrote. "
            f"Received: preset={str(preset)!r}."
        )
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
