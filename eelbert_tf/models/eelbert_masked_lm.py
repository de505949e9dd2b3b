"""`EelbertMaskedLM`: which word is hidden? The pretraining task of BERT and of EELBERT."""

import keras
import keras_hub
from keras import ops

from eelbert_tf.errors import UserError
from eelbert_tf.hashing.distinct_words import hash_words
from eelbert_tf.layers.serialization import register
from eelbert_tf.models.compatibility import check_compatible
from eelbert_tf.models.eelbert_masked_lm_preprocessor import EelbertMaskedLMPreprocessor
from eelbert_tf.models.encoder_layers import gelu, initializer
from eelbert_tf.models.text_task import TextTask
from eelbert_tf.training.fused_adamw import FusedAdamW


class HashedVocabularyHead(keras.layers.Layer):
    """Logits over a vocabulary, the output matrix tied to its hashed vectors.

    The vectors follow from the words, so only the bias is a weight.
    """

    def __init__(self, vocabulary, hash_config, **kwargs):
        super().__init__(**kwargs)
        # The array is no weight, and must not be tracked as one.
        self.vectors = hash_words(list(vocabulary), hash_config)

    def build(self, input_shape):
        self.bias = self.add_weight(name="bias", shape=(len(self.vectors),), initializer="zeros")

    def call(self, x):
        table = ops.convert_to_tensor(self.vectors, self.compute_dtype)
        return ops.matmul(x, ops.transpose(table)) + self.bias


@register
class EelbertMaskedLM(TextTask, keras_hub.models.MaskedLM):
    """BERT's masked-LM head on an `EelbertBackbone`, tied to the hash of the label words.

    Args:
        backbone: `EelbertBackbone`.
        vocabulary: list of str, the labels; the preprocessor's unless given.
        preprocessor: `EelbertMaskedLMPreprocessor`, or None.

    Call arguments:
        The backbone's inputs and `mask_positions`, int32 `(batch, predictions)`.

    Returns:
        Logits `(batch, predictions, len(vocabulary))`.

    Example:

    ```python
    masked_lm = EelbertMaskedLM.from_preset("eelbert_uno", vocabulary=["the", "cat", "sat"])
    masked_lm.fit(["the cat sat", "the cat"], epochs=1)
    ```
    """

    preprocessor_cls = EelbertMaskedLMPreprocessor
    preprocessor_arguments = {"max_words", "mask_rate", "vocabulary"}

    def __init__(self, backbone, vocabulary=None, preprocessor=None, **kwargs):
        vocabulary = _checked_vocabulary(vocabulary, preprocessor)
        check_compatible(backbone, preprocessor)

        # === Layers ===
        self.backbone = backbone
        self.preprocessor = preprocessor
        dtype = backbone.dtype_policy
        self.transform = keras.layers.Dense(
            backbone.hash_config.dim,
            activation=gelu,
            kernel_initializer=initializer(),
            dtype=dtype,
            name="transform",
        )
        self.layer_norm = keras.layers.LayerNormalization(
            epsilon=1e-12, dtype=dtype, name="layer_norm"
        )
        self.vocabulary_head = HashedVocabularyHead(
            vocabulary, backbone.hash_config, dtype=dtype, name="vocabulary_head"
        )

        # === Functional model ===
        positions = keras.Input((None,), dtype="int32", name="mask_positions")
        inputs = {**backbone.input, "mask_positions": positions}
        x = backbone(backbone.input)  # (batch, sequence, hidden_dim)
        x = ops.take_along_axis(x, ops.expand_dims(positions, -1), axis=1)
        x = self.layer_norm(self.transform(x))  # (batch, predictions, hash_dim)
        super().__init__(inputs=inputs, outputs=self.vocabulary_head(x), **kwargs)

        # === Config ===
        self.vocabulary = vocabulary

    def get_config(self):
        return {**super().get_config(), "vocabulary": self.vocabulary}

    def compile(self, optimizer="auto", **kwargs):
        """Compile; by default AdamW at 1e-3."""
        optimizer = FusedAdamW(1e-3) if optimizer == "auto" else optimizer
        super().compile(optimizer=optimizer, **kwargs)


def _checked_vocabulary(vocabulary, preprocessor):
    theirs = getattr(preprocessor, "vocabulary", None)
    if not vocabulary and not theirs:
        raise UserError("`vocabulary` must be given where there is no preprocessor to tell it.")
    if vocabulary and theirs and list(vocabulary) != theirs:
        raise UserError("`vocabulary` must be that of the preprocessor. Leave it out.")
    return list(vocabulary or theirs)
