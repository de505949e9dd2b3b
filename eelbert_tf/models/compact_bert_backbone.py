"""`CompactBertBackbone`: BERT with its table of WordPieces, any part of it made smaller."""

import keras
import keras_hub

from eelbert_tf.layers.factorized_embedding import FactorizedEmbedding
from eelbert_tf.layers.serialization import register
from eelbert_tf.models.embedding_layers import add_embedding_layers
from eelbert_tf.models.encoder_layers import encoder_layers, initializer


@register
class CompactBertBackbone(keras_hub.models.Backbone):
    """KerasHub's `BertBackbone`, whose token table and encoder can be in factors.

    Inputs, outputs and the names of its layers are those of `BertBackbone`; with nothing made
    smaller it is the same network.

    Args:
        vocabulary_size, num_layers, num_heads, hidden_dim, intermediate_dim, dropout,
            max_sequence_length, num_segments, dtype: as in `keras_hub.models.BertBackbone`.
        token_rank: int or None. Width of the token table where it is factorised; see
            `FactorizedEmbedding`.
        token_activation: `"linear"` or `"elu"`, between the factors.
        encoder_factors: dict or None. The arguments of `EncoderFactors` where the matrices of the
            Transformer layers are in factors.

    Call arguments:
        A dict of `token_ids`, `segment_ids` and `padding_mask`, int32 `(batch, sequence)`.

    Returns:
        A dict of `sequence_output` `(batch, sequence, hidden_dim)` and `pooled_output`
        `(batch, hidden_dim)`.

    Example:

    ```python
    bert = keras_hub.models.BertBackbone.from_preset("bert_tiny_en_uncased")
    backbone = CompactBertBackbone.from_bert(bert, token_rank=32)  # table and decoder are random
    ```
    """

    def __init__(
        self,
        vocabulary_size,
        num_layers,
        num_heads,
        hidden_dim,
        intermediate_dim,
        dropout=0.1,
        max_sequence_length=512,
        num_segments=2,
        token_rank=None,
        token_activation="linear",
        encoder_factors=None,
        dtype=None,
        **kwargs,
    ):
        # === Layers ===
        if token_rank is None:
            self.token_embedding = keras_hub.layers.ReversibleEmbedding(
                vocabulary_size,
                hidden_dim,
                embeddings_initializer=initializer(),
                dtype=dtype,
                name="token_embedding",
            )
        else:
            self.token_embedding = FactorizedEmbedding(
                vocabulary_size,
                token_rank,
                hidden_dim,
                token_activation,
                dtype=dtype,
                name="token_embedding",
            )
        add_embedding_layers(self, hidden_dim, max_sequence_length, num_segments, dropout, dtype)
        self.transformer_layers = encoder_layers(
            num_layers, num_heads, hidden_dim, intermediate_dim, dropout, dtype, encoder_factors
        )
        self.pooled_dense = keras.layers.Dense(
            hidden_dim,
            activation="tanh",
            kernel_initializer=initializer(),
            dtype=dtype,
            name="pooled_dense",
        )

        # === Functional model ===
        inputs = {
            name: keras.Input((None,), dtype="int32", name=name)
            for name in ("token_ids", "segment_ids", "padding_mask")
        }
        tokens = self.token_embedding(inputs["token_ids"])
        segments = self.segment_embedding(inputs["segment_ids"])
        x = self.embeddings_add([tokens, self.position_embedding(tokens), segments])
        x = self.embeddings_dropout(self.embeddings_layer_norm(x))
        for layer in self.transformer_layers:
            x = layer(x, padding_mask=inputs["padding_mask"])
        outputs = {"sequence_output": x, "pooled_output": self.pooled_dense(x[:, 0, :])}
        super().__init__(inputs=inputs, outputs=outputs, dtype=dtype, **kwargs)

        # === Config ===
        self.vocabulary_size = vocabulary_size
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.hidden_dim = hidden_dim
        self.intermediate_dim = intermediate_dim
        self.dropout = dropout
        self.max_sequence_length = max_sequence_length
        self.num_segments = num_segments
        self.token_rank = token_rank
        self.token_activation = token_activation
        self.encoder_factors = encoder_factors

    @classmethod
    def from_bert(cls, bert, **changes):
        """A copy of a BERT, with other settings.

        Args:
            bert: `keras_hub.models.BertBackbone` or `CompactBertBackbone`.
            **changes: settings that differ. Layers whose shapes change keep random weights.
        """
        settings = {**bert.get_config(), "dtype": bert.dtype_policy, **changes}
        backbone = cls(**{k: v for k, v in settings.items() if k not in ("name", "trainable")})
        for layer in backbone.layers:
            if not layer.weights:
                continue
            source = bert.get_layer(layer.name)
            if [w.shape for w in layer.weights] == [w.shape for w in source.weights]:
                layer.set_weights(source.get_weights())
        return backbone

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "num_layers": self.num_layers,
            "num_heads": self.num_heads,
            "hidden_dim": self.hidden_dim,
            "intermediate_dim": self.intermediate_dim,
            "dropout": self.dropout,
            "max_sequence_length": self.max_sequence_length,
            "num_segments": self.num_segments,
            "token_rank": self.token_rank,
            "token_activation": self.token_activation,
            "encoder_factors": self.encoder_factors,
        }


@register
class CompactBertTokenizer(keras_hub.models.BertTokenizer):
    """BERT's tokenizer: KerasHub looks for one that belongs to the backbone of a preset."""

    backbone_cls = CompactBertBackbone
