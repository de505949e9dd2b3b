"""WordPieces learnt from text, for models that cut words as the paper does."""

import keras_hub

from eelbert_tf.errors import UserError
from eelbert_tf.models.text_inputs import to_texts

SPECIAL_PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def learn_word_pieces(texts, vocabulary_size):
    """Learn a WordPiece vocabulary with KerasHub's trainer (tensorflow-text).

    Args:
        texts: texts as `fit` takes them.
        vocabulary_size: int, above the 5 special pieces; the trainer comes near it.

    Returns:
        A `keras_hub.tokenizers.WordPieceTokenizer`, lower-casing and without accents, for
        `EelbertPreprocessor(tokenizer=...)`.

    Raises:
        UserError: the vocabulary is too small.

    Example:

    ```python
    tokenizer = learn_word_pieces(["a text", "another text"], vocabulary_size=30)
    preprocessor = EelbertPreprocessor(tokenizer=tokenizer)
    ```
    """
    import tensorflow as tf

    settings = {"lowercase": True, "strip_accents": True}
    if vocabulary_size <= len(SPECIAL_PIECES):
        raise UserError(
            f"`vocabulary_size` must be above {len(SPECIAL_PIECES)}, the special pieces. "
            f"Received: vocabulary_size={vocabulary_size}."
        )
    data = tf.data.Dataset.from_tensor_slices(to_texts(texts)[0]).batch(256)
    vocabulary = keras_hub.tokenizers.compute_word_piece_vocabulary(
        data, vocabulary_size, reserved_tokens=list(SPECIAL_PIECES), **settings
    )
    return keras_hub.tokenizers.WordPieceTokenizer(vocabulary, **settings)
