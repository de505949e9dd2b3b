"""What the hash layers share: the settings of the hash and of the window."""

import keras

from eelbert_tf.hashing.specification import HASH_VERSION, MAX_CHARACTERS, HashConfig


def check_window(max_words, max_characters):
    """The two limits of a text; the second is 8 characters a word unless given.

    Raises:
        ValueError: a limit is out of range.
    """
    if not isinstance(max_words, int) or max_words < 1:
        raise ValueError(f"`max_words` must be at least 1. Received: max_words={max_words}.")
    if max_characters is None:
        max_characters = min(8 * max_words, MAX_CHARACTERS)
    if not isinstance(max_characters, int) or not 1 <= max_characters <= MAX_CHARACTERS:
        raise ValueError(
            f"`max_characters` must be between 1 and {MAX_CHARACTERS} (up to there sums are "
            f"exact). Received: max_characters={max_characters}."
        )
    return max_words, max_characters


class HashLayer(keras.layers.Layer):
    """Base of the layers that hash: it holds their settings and has no weights."""

    def __init__(
        self,
        hash_dim=128,
        hash_orders=3,
        hash_kind="ngram",
        hash_seed=0,
        hash_version=HASH_VERSION,
        bucket_orders=(),
        max_words=128,
        max_characters=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.hash_config = HashConfig(
            hash_dim, hash_orders, hash_kind, hash_seed, hash_version, bucket_orders
        )
        self.max_words, self.max_characters = check_window(max_words, max_characters)
        self.built = True

    def get_config(self):
        return {
            **super().get_config(),
            **hash_arguments(self.hash_config),
            "max_words": self.max_words,
            "max_characters": self.max_characters,
        }


def hash_arguments(config):
    """A `HashConfig` as the arguments of layers and models."""
    return {
        "hash_dim": config.dim,
        "hash_orders": config.orders,
        "hash_kind": config.kind,
        "hash_seed": config.seed,
        "hash_version": config.version,
        "bucket_orders": list(config.bucket_orders),
    }
