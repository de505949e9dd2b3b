"""A task as the functions that a server calls."""

import json

import tensorflow as tf

from eelbert_tf.export.outputs import label_names, named_outputs
from eelbert_tf.export.settings import model_settings
from eelbert_tf.models.problem_types import MULTI_LABEL

SERVING_DEFAULT = tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY
CLASSIFY, REGRESS, EMBED, DESCRIBE = "classify", "regress", "embed", "describe"
# TensorFlow 2 names every method `predict`; servers look for these.
METHOD_NAMES = {
    CLASSIFY: tf.saved_model.CLASSIFY_METHOD_NAME,
    REGRESS: tf.saved_model.REGRESS_METHOD_NAME,
}


class ServedModel(tf.Module):
    """The signatures of a task.

    Args:
        task: `EelbertTextClassifier` or `EelbertTextEmbedder`, with its preprocessor.
        pair: bool. Whether it takes pairs of texts.
        preset: str or None. What the model was trained from, for `describe`.
        labels_file: path or None. A file of labels that goes with the model.

    Attributes:
        functions: dict from the name of a signature to its concrete function.
    """

    def __init__(self, task, pair, preset=None, labels_file=None):
        super().__init__()
        # Keras variables are not tracked by a module, the TensorFlow variables in them are.
        self.tracked = [variable.value for variable in task.variables]
        if labels_file is not None:
            self.labels = tf.saved_model.Asset(str(labels_file))
        texts = ("text", "text_pair") if pair else ("text",)
        # Traced once, so that the file holds one copy, whichever signature is called.
        answer = _function(lambda *columns: _answer(task, *columns), texts)

        def of_examples(names):
            """Answers to serialized `tf.Example`, under other names."""
            features = {name: tf.io.FixedLenFeature([], tf.string) for name in texts}

            def run(inputs):
                answers = answer(**tf.io.parse_example(inputs, features))
                return {new: answers[old] for new, old in names.items()}

            return _function(run, ("inputs",))

        self.functions = {SERVING_DEFAULT: answer}
        outputs = answer.structured_outputs
        if "probabilities" in outputs:
            names = {"classes": "classes", "scores": "probabilities"}
            self.functions[CLASSIFY] = of_examples(names)
        elif "score" in outputs:
            self.functions[REGRESS] = of_examples({"outputs": "score"})
        else:
            self.functions[EMBED] = answer
        description = json.dumps(
            {**model_settings(task, pair), "preset": preset}, ensure_ascii=False
        )
        # A row for a row: a server that batches splits every answer along its first axis.
        self.functions[DESCRIBE] = _function(
            lambda text: {"description": tf.fill(tf.shape(text), description)}, ("text",)
        )


def _function(function, names):
    """A concrete function of string columns under these names."""
    specs = {name: tf.TensorSpec([None], tf.string, name=name) for name in names}
    by_name = tf.function(lambda **columns: function(*(columns[name] for name in names)))
    return by_name.get_concrete_function(**specs)


def _answer(task, text, text_pair=None):
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
