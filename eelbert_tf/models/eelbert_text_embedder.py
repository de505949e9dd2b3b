"""`EelbertTextEmbedder`: a text to a vector whose neighbours mean alike."""

import keras
import keras_hub
from keras import ops

from eelbert_tf.layers.serialization import register
from eelbert_tf.models.compatibility import check_compatible
from eelbert_tf.models.text_task import TextTask
from eelbert_tf.training.fused_adamw import FusedAdamW


@register
class EelbertTextEmbedder(TextTask, keras_hub.models.Task):
    """A text to the mean of the encoder's outputs, of length 1.

    Args:
        backbone: `EelbertBackbone`.
        preprocessor: `EelbertPreprocessor`, or None.
        embedding_dim: int or None. Length of the vectors, by one more linear map; None keeps the
            encoder's width.
        normalize: bool. Whether vectors are scaled to length 1.

    Returns:
        float `(batch, embedding_dim or hidden_dim)`.

    Example:

    ```python
    embedder = EelbertTextEmbedder.from_preset("eelbert_uno")
    vectors = embedder.predict(["a cat", "a dog"])
    vectors @ vectors.T  # cosine similarities
    ```
    """

    def __init__(self, backbone, preprocessor=None, embedding_dim=None, normalize=True, **kwargs):
        check_compatible(backbone, preprocessor)

        # === Layers ===
        self.backbone = backbone
        self.preprocessor = preprocessor
        dtype = backbone.dtype_policy
        self.mean_pooling = keras.layers.GlobalAveragePooling1D(dtype=dtype, name="mean_pooling")
        self.projection = None
        if embedding_dim is not None:
            self.projection = keras.layers.Dense(embedding_dim, dtype=dtype, name="projection")

        # === Functional model ===
        inputs = backbone.input
        x = self.mean_pooling(backbone(inputs), mask=inputs["padding_mask"])
        if self.projection is not None:
            x = self.projection(x)  # (batch, embedding_dim)
        if normalize:
            x = ops.normalize(x, axis=-1)
        super().__init__(inputs=inputs, outputs=x, **kwargs)

        # === Config ===
        self.embedding_dim = embedding_dim
        self.normalize = normalize

    def get_config(self):
        return {
            **super().get_config(),
            "embedding_dim": self.embedding_dim,
            "normalize": self.normalize,
        }

    def compile(self, optimizer="auto", loss="auto", **kwargs):
        """Compile; by default AdamW at 1e-3 towards a teacher's vectors by cosine similarity."""
        super().compile(
            optimizer=FusedAdamW(1e-3) if optimizer == "auto" else optimizer,
            loss=keras.losses.CosineSimilarity() if loss == "auto" else loss,
            **kwargs,
        )
