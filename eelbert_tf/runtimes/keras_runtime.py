"""A preset directory, computed by Keras."""

from eelbert_tf.runtimes.predictor import Predictor


def keras_predictor(task, pair):
    """A `Predictor` of a task in memory."""
    from eelbert_tf.export.outputs import label_names
    from eelbert_tf.models import EelbertTextEmbedder
    from eelbert_tf.models.eelbert_text_classifier import MULTI_LABEL, REGRESSION

    def run(texts, pairs):
        outputs = task.predict(texts if pairs is None else (texts, pairs), verbose=0)
        if isinstance(task, EelbertTextEmbedder):
            return outputs
        return outputs[:, 0] if task.problem_type == REGRESSION else task.activate(outputs)

    if isinstance(task, EelbertTextEmbedder):
        return Predictor(run, None, pair, "embedding")
    labels = label_names(task)
    output = "score" if labels is None else "probabilities"
    return Predictor(run, labels, pair, output, task.problem_type == MULTI_LABEL)
