"""A task as a function of code points: what is converted for devices and for ONNX."""

import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.export.outputs import check_exportable, named_outputs
from eelbert_tf.hashing.code_points import encoder_inputs


def check_code_points(task, kind):
    """Raise `UserError` where a task cannot answer from code points alone.

    Args:
        task: what is to be exported.
        kind: str, the ending of the file it would become, for the message.
    """
    check_exportable(task)
    if getattr(task.preprocessor, "tokenizer", None) is not None:
        raise UserError(
            f"A model of WordPieces cannot become a {kind} without its tokenizer: there is no "
            "builtin operation for it. Train a model of words (the default) for devices."
        )


def window(preprocessor, max_words):
    """The window of an export, `(words, characters)`.

    Args:
        preprocessor: that of the task.
        max_words: int, or None for the preprocessor's own. The window in characters shrinks
            with it.

    Raises:
        UserError: the model has no such window.
    """
    words = preprocessor.max_words if max_words is None else max_words
    if not 1 <= words <= preprocessor.max_words:
        raise UserError(
            f"`max_words` must be between 1 and {preprocessor.max_words}, the model's own window. "
            f"Received: max_words={max_words}."
        )
    return words, max(1, preprocessor.max_characters * words // preprocessor.max_words)


def code_point_function(task, pair, words, characters, batch=1):
    """A concrete function of `code_points` (for pairs also `code_points_pair`).

    Args:
        task: `EelbertTextClassifier` or `EelbertTextEmbedder`.
        pair: bool.
        words, characters: the window.
        batch: int, or None for any.

    Returns:
        A concrete function from int32 `(batch, characters)` to a dict of `named_outputs`.
    """
    names = ("code_points", "code_points_pair") if pair else ("code_points",)

    def function(**inputs):
        return answer(task, words, *(inputs[name] for name in names))

    return tf.function(function).get_concrete_function(
        **{name: tf.TensorSpec([batch, characters], tf.int32, name=name) for name in names}
    )


def answer(task, words, code_points, code_points_pair=None):
    """What a task answers to code points, as `named_outputs`."""
    x = encoder_inputs(code_points, code_points_pair, task.preprocessor.hash_config, words)
    return named_outputs(task, task(x, training=False))
