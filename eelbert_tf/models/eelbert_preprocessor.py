"""`EelbertPreprocessor`: texts, or pairs of texts, to what the backbone takes."""

from eelbert_tf.layers.serialization import register
from eelbert_tf.models.hash_preprocessor import HashPreprocessor


@register
class EelbertPreprocessor(HashPreprocessor):
    """Texts to hashed word vectors, packed as `[CLS] a [SEP]` or `[CLS] a [SEP] b [SEP]`.

    With TensorFlow it works inside a graph and a `tf.data` pipeline, by core operations of
    TensorFlow alone, and each distinct word of a batch is hashed once. On another backend of
    Keras it takes lists or arrays of texts and gives NumPy arrays.

    Args:
        hash_dim: int. With the next four, the settings of the hash; see `HashConfig`.
        hash_orders: int.
        hash_kind: str.
        hash_seed: int.
        hash_version: int.
        max_words: int. Words of a text, of a pair in all; what is behind is left out. Of a pair
            the longer text gives way first.
        max_characters: int. Characters behind these are not read; 8 a word unless given. A word
            that reaches the end of that window is left out.
        tokenizer: a `keras_hub.tokenizers.WordPieceTokenizer`, or None. With one, its pieces are
            hashed instead of words, as in the paper; an exported model then needs the operations
            of tensorflow-text.
        distortion_rate: float. Share of letters that get a typing error while training.
        seed: int. Of these errors.

    Call arguments:
        x: a string tensor `(batch,)`, or a tuple of two.
        y, sample_weight: passed through.
        random_seed: int32 tensor `(2,)`. Given while training; letters are distorted then.

    Returns:
        A dict of `word_vectors` `(batch, sequence, hash_dim)`, `padding_mask` and `segment_ids`
        `(batch, sequence)`; with `y`, a tuple as `fit` takes it.

    Raises:
        ValueError: a setting is out of range.

    Example:

    >>> preprocessor = EelbertPreprocessor(hash_dim=8)
    >>> preprocessor(["good film", "bad"])["padding_mask"].numpy().sum(axis=1)
    array([4, 3])
    """
