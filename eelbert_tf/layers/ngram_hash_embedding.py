"""`NGramHashEmbedding`: strings to word vectors, with `tf.strings` in the graph."""

import keras

from eelbert_tf.layers.hash_layer import HashLayer
from eelbert_tf.layers.serialization import register


@register
class NGramHashEmbedding(HashLayer):
    """Strings to the hashed vectors of their words, and a padding mask.

    The vectors follow from the characters alone (n-gram pooling hash of EELBERT, Cohn et al.,
    2023, arXiv 2310.20144; `docs/hash.md`): there is nothing to train, no vocabulary, no unknown
    word. Each distinct word and n-gram of a batch is computed once. Core TensorFlow operations
    only; the TensorFlow backend of Keras is needed.

    Args:
        hash_dim: int. Length of a word's vector.
        hash_orders: int. N-grams of 1 to this many characters.
        hash_kind: `"ngram"`, or `"random"` for one pseudo-random vector a word.
        hash_seed: int. Everything pseudo-random derives from it.
        hash_version: int. The version of the hash.
        max_words: int. Words behind these are left out.
        max_characters: int. Characters behind these are not read; 8 a word by default.

    Call arguments:
        text: string tensor `(batch,)`, UTF-8.

    Returns:
        A dict of `word_vectors`, float32 `(batch, words, hash_dim)`, and `padding_mask`, bool
        `(batch, words)`; `words` is the longest of the batch, at least 1.

    Raises:
        ValueError: a setting is out of range.

    Example:

    ```python
    text = keras.Input(shape=(), dtype="string", name="text")
    hashed = NGramHashEmbedding(hash_dim=128)(text)
    x = keras.layers.Dense(64)(hashed["word_vectors"])
    x = keras.layers.GlobalAveragePooling1D()(x, mask=hashed["padding_mask"])
    model = keras.Model(text, keras.layers.Dense(2, activation="softmax")(x))
    ```
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_jit = False
        # Strings are no tensors of every backend.
        self._convert_input_args = False

    def call(self, text):
        import tensorflow as tf

        from eelbert_tf.hashing.strings import hash_text

        hashed = hash_text(text, self.hash_config, self.max_characters)
        counts = tf.minimum(hashed.counts, self.max_words)
        places = tf.range(tf.reduce_max(tf.concat([counts, [1]], axis=0)))[None, :]
        mask = places < counts[:, None]
        rows = tf.concat([hashed.rows, [0]], axis=0)
        index = tf.where(mask, hashed.starts[:, None] + places, tf.size(hashed.rows))
        vectors = tf.gather(hashed.table, tf.gather(rows, index))
        return {"word_vectors": tf.cast(vectors, self.compute_dtype), "padding_mask": mask}

    def compute_output_spec(self, text):
        batch = text.shape[0]
        return {
            "word_vectors": keras.KerasTensor(
                (batch, None, self.hash_config.dim), dtype=self.compute_dtype
            ),
            "padding_mask": keras.KerasTensor((batch, None), dtype="bool"),
        }
