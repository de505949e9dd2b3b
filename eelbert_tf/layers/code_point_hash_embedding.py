"""`CodePointHashEmbedding`: code points to word vectors, on every Keras backend."""

import keras
from keras import ops

from eelbert_tf.hashing.code_points import encoder_inputs
from eelbert_tf.layers.hash_layer import HashLayer
from eelbert_tf.layers.serialization import register


@register
class CodePointHashEmbedding(HashLayer):
    """Code points of texts to what `EelbertBackbone` takes, special tokens included.

    The same vectors as those of strings, by integer tensor operations alone: it runs on JAX
    without TensorFlow, and converts to LiteRT builtins.

    Args:
        **kwargs: those of `NGramHashEmbedding`.

    Call arguments:
        code_points: int32 tensor `(batch, length)`, zeros after the end of a text.
        code_points_pair: the same of the second texts of pairs, or None.

    Returns:
        A dict of `word_vectors`, float32 `(batch, sequence, hash_dim)`, `padding_mask`, bool
        `(batch, sequence)`, and `segment_ids`, int32 `(batch, sequence)`; `sequence` is
        `max_words + 2`, for pairs `max_words + 3`.

    Raises:
        ValueError: a setting is out of range.

    Example:

    >>> layer = CodePointHashEmbedding(hash_dim=4, max_words=3)
    >>> layer(np.array([[104, 105, 0]], "int32"))["word_vectors"].shape
    TensorShape([1, 5, 4])
    """

    def call(self, code_points, code_points_pair=None):
        code_points = ops.cast(code_points, "int32")
        if code_points_pair is not None:
            code_points_pair = ops.cast(code_points_pair, "int32")
        return encoder_inputs(code_points, code_points_pair, self.hash_config, self.max_words)

    def compute_output_spec(self, code_points, code_points_pair=None):
        shape = (code_points.shape[0], self.max_words + (2 if code_points_pair is None else 3))
        return {
            "word_vectors": keras.KerasTensor((*shape, self.hash_config.dim), dtype="float32"),
            "padding_mask": keras.KerasTensor(shape, dtype="bool"),
            "segment_ids": keras.KerasTensor(shape, dtype="int32"),
        }
