"""What an exported model says about itself."""

from eelbert_tf.export.outputs import label_names
from eelbert_tf.layers.hash_layer import hash_arguments


def model_settings(task, pair, max_words=None, max_characters=None):
    """The settings of a task as JSON takes them.

    Args:
        task: `EelbertTextClassifier` or `EelbertTextEmbedder`, with its preprocessor.
        pair: bool. Whether it takes pairs of texts.
        max_words, max_characters: int. The window; the preprocessor's unless given.

    Returns:
        A dict: the arguments of the hash, `hash_version` among them (a BERT has none), the window,
        `pair`, `labels` (None where there are none) and `problem_type` (`"embedding"` for an
        embedder).
    """
    preprocessor = task.preprocessor
    hash_config = getattr(preprocessor, "hash_config", None)
    if max_characters is None:
        max_characters = getattr(preprocessor, "max_characters", None)
    return {
        **(hash_arguments(hash_config) if hash_config else {}),
        "max_words": preprocessor.max_words if max_words is None else max_words,
        "max_characters": max_characters,
        "pair": pair,
        "labels": label_names(task),
        "problem_type": getattr(task, "problem_type", "embedding"),
    }
