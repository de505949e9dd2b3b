"""The student: a plain BERT of KerasHub with few WordPieces."""

from eelbert_tf.mixed_vocabulary.config import student_shape


def student_backbone(shape, vocabulary_size, **settings):
    """A `keras_hub.models.BertBackbone` of random weights.

    Args:
        shape: str, `LAYERSxWIDTH`; see `student_shape`.
        vocabulary_size: int.
        **settings: further arguments, such as `dtype`.

    Example:

    >>> student_backbone("12x128", 4928).count_params()
    3092608
    """
    import keras_hub

    return keras_hub.models.BertBackbone(
        vocabulary_size=vocabulary_size, **student_shape(shape), **settings
    )
