"""To a SavedModel that takes raw text: for TF Serving and everything that loads one."""

import tensorflow as tf

from eelbert_tf.export.outputs import check_exportable, label_names, named_outputs
from eelbert_tf.files import replaced
from eelbert_tf.models.problem_types import MULTI_LABEL


def export_saved_model(task, path, pair=False, overwrite=False):
    """Write a SavedModel from strings to answers.

    `serving_default` takes `text`, string `(batch,)`, for pair models also `text_pair`, and
    returns for a classifier `label` (string `(batch,)`; not where a text can have several),
    `probabilities` (float32 `(batch, classes)`) and `classes` (string `(batch, classes)`, the
    names of the columns), for a regression `score` (float32 `(batch,)`), for an embedder
    `embedding`. It holds operations of core TensorFlow only, unless the preprocessor has a
    WordPiece tokenizer: then a server also needs those of tensorflow-text.

    Args:
        task: `EelbertTextClassifier` or `EelbertTextEmbedder`, with its preprocessor.
        path: where the directory goes.
        pair: bool. Whether it takes pairs of texts.
        overwrite: bool. Whether something at `path` may be replaced.

    Raises:
        UserError: the path exists or cannot be written, or the task cannot be exported.

    Example:

    ```python
    export_saved_model(classifier, "saved_model")
    served = tf.saved_model.load("saved_model").signatures["serving_default"]
    served(text=tf.constant(["a great film"]))["label"]
    ```
    """
    check_exportable(task)
    module = _ServedModel(task, pair)
    with replaced(path, overwrite) as temporary:
        try:
            tf.saved_model.save(module, str(temporary), signatures=module.serve)
        except tf.errors.OpError as error:  # TensorFlow's own for a full disk
            raise OSError(error.message) from error


class _ServedModel(tf.Module):
    def __init__(self, task, pair):
        super().__init__()
        # Keras variables are not tracked by a module, the TensorFlow variables in them are.
        self.tracked = [variable.value for variable in task.variables]
        self.task = _Untracked(task)
        names = ("text", "text_pair") if pair else ("text",)
        self.serve = tf.function(
            lambda **texts: self._answer(*(texts[name] for name in names)),
            input_signature=None,
        ).get_concrete_function(
            **{name: tf.TensorSpec([None], tf.string, name=name) for name in names}
        )

    def _answer(self, text, text_pair=None):
        task = self.task.value
        x = text if text_pair is None else (text, text_pair)
        answer = named_outputs(task, task(task.preprocessor(x), training=False))
        labels = label_names(task)
        if labels is not None:
            shape = tf.shape(answer["probabilities"])
            names = tf.constant(labels)
            if task.problem_type != MULTI_LABEL:
                answer["label"] = tf.gather(names, tf.argmax(answer["probabilities"], axis=-1))
            answer["classes"] = tf.broadcast_to(names[None, :], shape)
        return answer


class _Untracked:
    def __init__(self, value):
        self.value = value
