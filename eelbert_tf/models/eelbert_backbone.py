"""`EelbertBackbone`: BERT's encoder on hashed word vectors."""

import keras
import keras_hub

from eelbert_tf.hashing.specification import HASH_VERSION, HashConfig
from eelbert_tf.layers.bucket_embedding import BucketEmbedding
from eelbert_tf.layers.hash_layer import hash_arguments
from eelbert_tf.layers.serialization import register
from eelbert_tf.models.embedding_layers import add_embedding_layers
from eelbert_tf.models.encoder_layers import encoder_layers, gelu, initializer
from eelbert_tf.models.presets import PresetMixin


@register
class EelbertBackbone(PresetMixin, keras_hub.models.Backbone):
    """BERT's encoder without a token table (EELBERT, Cohn et al., 2023, arXiv 2310.20144).

    The network takes word vectors that are computed from characters (`NGramHashEmbedding`,
    `CodePointHashEmbedding`), maps them to its width where that differs, adds position and
    segment embeddings, and runs Transformer layers over them. It holds no task head.

    Args:
        num_layers: int. Transformer layers.
        num_heads: int. Attention heads of each.
        hidden_dim: int. Width of the encoder.
        intermediate_dim: int. Width of the feed-forward part.
        hash_dim: int. Width of the word vectors; `hidden_dim` unless given.
        hash_transform_dim: int or None. Inner width of a trained two-layer transform between word
            vectors and encoder. None: nothing where the widths are equal (the paper's form), else
            one linear map.
        dropout: float.
        max_sequence_length: int. Longest sequence, special tokens included.
        num_segments: int. Segment types.
        hash_orders: int. With the next three, the settings of the hash that the weights were
            trained on; see `HashConfig`.
        hash_kind: str.
        hash_seed: int.
        hash_version: int.
        bucket_orders: tuple of int. Orders of the n-grams that are looked up in a trained table of
            buckets, beside the hashed vector; none in the paper's form.
        bucket_count: int. Rows of that table, which n-grams share.
        bucket_dim: int. Its width.
        encoder_factors: dict or None. The arguments of `EncoderFactors` where the matrices of the
            Transformer layers are in factors, which is not the paper's form.
        dtype: dtype or policy of the computation.

    Call arguments:
        A dict of `word_vectors`, float `(batch, sequence, hash_dim)`, `padding_mask` and
        `segment_ids`, int32 or bool `(batch, sequence)`; with buckets also `ngram_signatures`,
        int32 `(batch, sequence, signatures)`.

    Returns:
        `(batch, sequence, hidden_dim)`.

    Raises:
        ValueError: a setting is out of range.

    Example:

    ```python
    backbone = EelbertBackbone.from_preset("eelbert_uno")
    preprocessor = EelbertPreprocessor.from_preset("eelbert_uno")
    backbone(preprocessor(["a sentence", "another one"])).shape  # (2, 4, 128)
    ```
    """

    def __init__(
        self,
        num_layers,
        num_heads,
        hidden_dim,
        intermediate_dim,
        hash_dim=None,
        hash_transform_dim=None,
        dropout=0.1,
        max_sequence_length=512,
        num_segments=2,
        hash_orders=3,
        hash_kind="ngram",
        hash_seed=0,
        hash_version=HASH_VERSION,
        bucket_orders=(),
        bucket_count=8192,
        bucket_dim=64,
        encoder_factors=None,
        dtype=None,
        **kwargs,
    ):
        hash_dim = hidden_dim if hash_dim is None else hash_dim
        hash_config = HashConfig(
            hash_dim, hash_orders, hash_kind, hash_seed, hash_version, bucket_orders
        )

        # === Layers ===
        def dense(units, name, activation=None):
            return keras.layers.Dense(
                units,
                activation=activation,
                kernel_initializer=initializer(),
                dtype=dtype,
                name=name,
            )

        self.hash_transform = []
        if hash_transform_dim:
            self.hash_transform.append(dense(hash_transform_dim, "hash_transform_inner", gelu))
        if hash_transform_dim or hash_dim != hidden_dim:
            self.hash_transform.append(dense(hidden_dim, "hash_transform"))
        self.bucket_embedding = None
        if hash_config.bucket_orders:
            self.bucket_embedding = BucketEmbedding(
                bucket_count, bucket_dim, hidden_dim, dtype=dtype, name="bucket_embedding"
            )
        add_embedding_layers(self, hidden_dim, max_sequence_length, num_segments, dropout, dtype)
        self.transformer_layers = encoder_layers(
            num_layers, num_heads, hidden_dim, intermediate_dim, dropout, dtype, encoder_factors
        )

        # === Functional model ===
        word_vectors = keras.Input((None, hash_dim), dtype="float32", name="word_vectors")
        padding_mask = keras.Input((None,), dtype="bool", name="padding_mask")
        segment_ids = keras.Input((None,), dtype="int32", name="segment_ids")
        inputs = {
            "word_vectors": word_vectors,
            "padding_mask": padding_mask,
            "segment_ids": segment_ids,
        }
        x = word_vectors  # (batch, sequence, hash_dim)
        for layer in self.hash_transform:
            x = layer(x)  # ... (batch, sequence, hidden_dim)
        parts = [x, self.position_embedding(x), self.segment_embedding(segment_ids)]
        if self.bucket_embedding is not None:
            inputs["ngram_signatures"] = keras.Input(
                (None, hash_config.signatures_of_word), dtype="int32", name="ngram_signatures"
            )
            parts.append(self.bucket_embedding(inputs["ngram_signatures"]))
        x = self.embeddings_add(parts)
        x = self.embeddings_dropout(self.embeddings_layer_norm(x))
        for layer in self.transformer_layers:
            x = layer(x, padding_mask=padding_mask)
        super().__init__(inputs=inputs, outputs=x, dtype=dtype, **kwargs)

        # === Config ===
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.hidden_dim = hidden_dim
        self.intermediate_dim = intermediate_dim
        self.hash_config = hash_config
        self.hash_transform_dim = hash_transform_dim
        self.bucket_count = bucket_count
        self.bucket_dim = bucket_dim
        self.encoder_factors = encoder_factors
        self.dropout = dropout
        self.max_sequence_length = max_sequence_length
        self.num_segments = num_segments

    def get_config(self):
        return {
            **super().get_config(),
            "num_layers": self.num_layers,
            "num_heads": self.num_heads,
            "hidden_dim": self.hidden_dim,
            "intermediate_dim": self.intermediate_dim,
            "hash_transform_dim": self.hash_transform_dim,
            "dropout": self.dropout,
            "max_sequence_length": self.max_sequence_length,
            "num_segments": self.num_segments,
            **hash_arguments(self.hash_config),
            "bucket_count": self.bucket_count,
            "bucket_dim": self.bucket_dim,
            "encoder_factors": self.encoder_factors,
        }
