"""A SavedModel directory, computed by TensorFlow as a server would."""

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.runtimes.predictor import OUTPUTS, Predictor

_BATCH = 64


def saved_model_predictor(path):
    """A `Predictor` of a SavedModel that `export_saved_model` wrote."""
    import tensorflow as tf

    try:
        model = tf.saved_model.load(str(path))
    except (OSError, ValueError, IndexError, tf.errors.OpError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(f"{path} holds no SavedModel that can be loaded: {reason}") from error
    signature = model.signatures.get("serving_default")
    outputs = signature.structured_outputs if signature else {}
    output = next((name for name in OUTPUTS if name in outputs), None)
    if output is None:
        raise UserError(f"{path} holds a SavedModel that export_saved_model did not write.")
    pair = "text_pair" in signature.structured_input_signature[1]

    def inputs(texts, pairs):
        columns = {"text": texts} if pairs is None else {"text": texts, "text_pair": pairs}
        return {name: np.array(column, object) for name, column in columns.items()}

    def batch(texts, pairs):
        arrays = inputs(texts, pairs)
        return signature(**{name: tf.constant(array) for name, array in arrays.items()})

    def run(texts, pairs):
        parts = [slice(start, start + _BATCH) for start in range(0, len(texts), _BATCH)]
        answers = [batch(texts[p], None if pairs is None else pairs[p])[output] for p in parts]
        return np.concatenate([answer.numpy() for answer in answers])

    labels = None
    if output == "probabilities":
        blank = [b""]
        names = batch(blank, blank if pair else None)["classes"][0].numpy()
        labels = [name.decode("utf-8") for name in names]
    # Of several labels none is the likeliest.
    multi_label = labels is not None and "label" not in outputs
    predictor = Predictor(run, labels, pair, output, multi_label, inputs)
    predictor.model = model  # the signature holds no reference to it
    return predictor
