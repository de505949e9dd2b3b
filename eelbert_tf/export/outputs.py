"""What an exported model returns, under the names of its signature."""

import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.models.eelbert_text_classifier import REGRESSION, EelbertTextClassifier
from eelbert_tf.models.eelbert_text_embedder import EelbertTextEmbedder


def check_exportable(task):
    """Raise `UserError` where a task is of another kind than can be exported."""
    if not isinstance(task, (EelbertTextClassifier, EelbertTextEmbedder)):
        raise UserError(
            "Only an EelbertTextClassifier or an EelbertTextEmbedder can be exported. "
            f"Received: {type(task).__name__}."
        )


def named_outputs(task, outputs):
    """A task's outputs as a dict: `probabilities`, `score` or `embedding`.

    Args:
        task: `EelbertTextClassifier` or `EelbertTextEmbedder`.
        outputs: what the task returned, `(batch, outputs)`.
    """
    outputs = tf.cast(outputs, tf.float32)
    if isinstance(task, EelbertTextEmbedder):
        return {"embedding": outputs}
    if task.problem_type == REGRESSION:
        return {"score": outputs[:, 0]}
    return {"probabilities": task.activate(outputs)}


def label_names(task):
    """The names of a classifier's outputs; numbers where it has none; None for other tasks."""
    if not isinstance(task, EelbertTextClassifier) or task.problem_type == REGRESSION:
        return None
    return task.labels or [str(number) for number in range(task.num_classes)]
