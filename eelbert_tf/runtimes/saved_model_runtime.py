"""A SavedModel directory, computed by TensorFlow as a server would."""

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.runtimes.predictor import Predictor

_BATCH = 64


def saved_model_predictor(path):
    """A `Predictor` of a SavedModel that `export_saved_model` wrote."""
    import tensorflow as tf

    try:
        model = tf.saved_model.load(str(path))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} holds no SavedModel that can be loaded: {error}") from error
    signature = model.signatures["serving_default"]
    pair = "text_pair" in signature.structured_input_signature[1]
    outputs = signature.structured_outputs
    output = next(name for name in ("probabilities", "score", "embedding") if name in outputs)

    def batch(texts, pairs):
        inputs = {"text": tf.constant(list(texts))}
        if pairs is not None:
            inputs["text_pair"] = tf.constant(list(pairs))
        return signature(**inputs)

    def run(texts, pairs):
        parts = [slice(start, start + _BATCH) for start in range(0, len(texts), _BATCH)]
        answers = [batch(texts[p], None if pairs is None else pairs[p])[output] for p in parts]
        return np.concatenate([answer.numpy() for answer in answers])

    labels = None
    if output == "probabilities":
        blank = [b""]
        names = batch(blank, blank if pair else None)["classes"][0].numpy()
        labels = [name.decode("utf-8") for name in names]
    predictor = Predictor(run, labels, pair, output)
    predictor.model = model  # the signature holds no reference to it
    return predictor
