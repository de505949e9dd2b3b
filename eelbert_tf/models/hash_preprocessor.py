"""`HashPreprocessor`: what the preprocessors of training, prediction and pretraining share."""

import functools
import json
import pathlib

import keras
import keras_hub
import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.hashing import packing
from eelbert_tf.hashing.code_points import hash_texts
from eelbert_tf.hashing.distinct_words import hash_words
from eelbert_tf.hashing.specification import HASH_VERSION, HashConfig
from eelbert_tf.layers.hash_layer import check_window, hash_arguments
from eelbert_tf.models.compatibility import SPECIAL_TOKENS_OF_PAIR
from eelbert_tf.models.eelbert_backbone import EelbertBackbone
from eelbert_tf.models.presets import PresetMixin
from eelbert_tf.models.text_inputs import to_texts


class HashPreprocessor(PresetMixin, keras_hub.models.Preprocessor):
    """Base of the preprocessors; see `EelbertPreprocessor`."""

    backbone_cls = EelbertBackbone

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
        tokenizer=None,
        distortion_rate=0.0,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        # A tuple is a pair of texts here, not a text and its label.
        self._call_accepts_labels = False
        self.hash_config = HashConfig(
            hash_dim, hash_orders, hash_kind, hash_seed, hash_version, bucket_orders
        )
        if bucket_orders and tokenizer is not None:
            raise ValueError(
                "`bucket_orders` must be empty where a `tokenizer` cuts words into pieces: buckets "
                f"are for whole words. Received: bucket_orders={bucket_orders}."
            )
        self.max_words, self.max_characters = check_window(max_words, max_characters)
        if not 0.0 <= distortion_rate < 1.0:
            raise ValueError(
                "`distortion_rate` must be at least 0 and below 1. "
                f"Received: distortion_rate={distortion_rate}."
            )
        self.tokenizer = tokenizer
        self.distortion_rate = distortion_rate
        self.seed = seed
        self._piece_table = None

    @property
    def is_random(self):
        """Whether training needs a new `random_seed` for each batch."""
        return self.distortion_rate > 0.0

    @classmethod
    def from_backbone(cls, backbone, **kwargs):
        """The preprocessor with the hash of a backbone.

        >>> preprocessor = EelbertPreprocessor.from_backbone(backbone, max_words=64)
        """
        kwargs.setdefault("max_words", _usual_window(backbone.max_sequence_length))
        return cls(**{**hash_arguments(backbone.hash_config), **kwargs})

    @classmethod
    def _from_architecture(cls, arguments, **kwargs):
        own = {"hash_dim": arguments.get("hash_dim", arguments["hidden_dim"])}
        own["bucket_orders"] = arguments.get("bucket_orders", ())
        return cls(**{**own, **kwargs})

    @classmethod
    def _add_missing_kwargs(cls, loader, kwargs):
        """The arguments for a preset that holds no preprocessor, or that of another task."""
        saved, config = pathlib.Path(loader.preset) / "preprocessor.json", loader.config
        if saved.is_file():
            config = json.loads(saved.read_text(encoding="utf-8"))
        taken = (*hash_arguments(HashConfig()), "max_words", "max_characters")
        found = {name: config["config"][name] for name in taken if name in config["config"]}
        if "max_words" not in found:
            found["max_words"] = _usual_window(config["config"]["max_sequence_length"])
        if (saved.parent / "tokenizer.json").is_file():
            found["tokenizer"] = loader.load_tokenizer(None)
        return {**found, **kwargs}

    def call(self, x, y=None, sample_weight=None, random_seed=None):
        if keras.config.backend() == "tensorflow":
            hashed, rows, layout = self.hashed_sequences(x, random_seed)
            x = packing.encoder_inputs(hashed.table, rows, layout, hashed.ngrams)
        else:
            x = self._from_python(x)
        return keras.utils.pack_x_y_sample_weight(x, y, sample_weight)

    def hashed_sequences(self, x, random_seed=None):
        """The parts of `packing.encoder_inputs`: a `HashedText`, rows and layout (TensorFlow)."""
        import tensorflow as tf

        from eelbert_tf.hashing import strings

        pair = isinstance(x, tuple)
        text = tf.concat(x, axis=0) if pair else tf.convert_to_tensor(x, tf.string)
        if self.tokenizer is not None:
            hashed = self._wordpieces(text)
        else:
            edit = self._distortion(random_seed)
            hashed = strings.hash_text(text, self.hash_config, self.max_characters, edit)
        return hashed, *strings.sequence_rows(hashed, pair, self.max_words)

    def _distortion(self, random_seed):
        from eelbert_tf.layers.character_distortion import distort

        if random_seed is None or not self.distortion_rate:
            return None
        return lambda code_points: distort(code_points, self.distortion_rate, random_seed)

    def _from_python(self, x):
        if self.tokenizer is not None:
            raise UserError(
                "A `tokenizer` needs the TensorFlow backend of Keras. "
                f"Received: the {keras.config.backend()} backend. Leave it out: words are hashed."
            )
        return hash_texts(*to_texts(x), self.hash_config, self.max_words, self.max_characters)

    def _wordpieces(self, text):
        import tensorflow as tf

        from eelbert_tf.hashing.strings import HashedText

        pieces = self._tokenize(text)
        starts = tf.cast(pieces.row_splits[:-1], tf.int32)
        counts = tf.cast(pieces.row_splits[1:], tf.int32) - starts
        rows = tf.cast(pieces.flat_values, tf.int32) + packing.MASK + 1
        with tf.init_scope():  # the table is computed, not traced
            table = self.piece_table()
        table = tf.constant(table)
        # Whole pieces are told apart by their own numbers.
        return HashedText(table, rows, starts, counts, tf.range(tf.shape(table)[0]), None)

    @functools.cached_property
    def _tokenize(self):
        """The tokenizer as a graph: called eagerly it would work in Python, on lists."""
        import tensorflow as tf

        return tf.function(
            lambda text: self.tokenizer(text), input_signature=[tf.TensorSpec([None], tf.string)]
        )

    def piece_table(self):
        """Vectors of the special tokens and of each WordPiece, hashed as they are written.

        Returns:
            float32 NumPy array `(4 + vocabulary_size, hash_dim)`.
        """
        if self._piece_table is None:
            pieces = hash_words(self.tokenizer.get_vocabulary(), self.hash_config)
            special = packing.special_vectors(self.hash_config)
            self._piece_table = np.concatenate([special, pieces])
        return self._piece_table

    def get_config(self):
        return {
            **super().get_config(),
            **hash_arguments(self.hash_config),
            "max_words": self.max_words,
            "max_characters": self.max_characters,
            "distortion_rate": self.distortion_rate,
            "seed": self.seed,
        }


def _usual_window(max_sequence_length):
    """128 words, fewer where these and the special tokens of a pair do not fit."""
    return min(128, max_sequence_length - SPECIAL_TOKENS_OF_PAIR)
