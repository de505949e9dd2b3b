"""A `Predictor` as Beam's RunInference takes models: one a process, chunks in, rows out."""

import tempfile
from typing import NamedTuple

import numpy as np
from apache_beam.ml.inference.base import ModelHandler

from eelbert_tf.cli.quiet import import_tensorflow
from eelbert_tf.errors import UserError
from eelbert_tf.runtimes.load import PARTS, load_predictor, load_task
from eelbert_tf.scoring.chunks import Chunk
from eelbert_tf.shipped_presets import model_directory


class Scored(NamedTuple):
    """A chunk and the columns of its scored rows, `outputs.write_part`'s."""

    chunk: Chunk
    columns: dict


class PredictorHandler(ModelHandler):
    """Scores chunks by the SavedModel of a model directory, made there and then if it has none.

    An element is a `Chunk`; a prediction is a `Scored`. Texts of like length share a batch.

    Args:
        plan: `Plan`.
    """

    def __init__(self, plan):
        # A chunk is as many rows as are wanted in memory.
        super().__init__(min_batch_size=1, max_batch_size=1)
        self.plan = plan

    def load_model(self):
        """The predictor.

        Raises:
            UserError: there is no such model, or it gives no labels or scores.
        """
        import_tensorflow()
        predictor = _fastest_predictor(self.plan.model)
        if predictor.output == "embedding":
            raise UserError(
                f"{self.plan.model} holds an embedder, which gives no labels or scores."
            )
        return predictor

    def run_inference(self, batch, model, inference_args=None):
        """The `Scored` of each `Chunk`, in their order."""
        return [Scored(chunk, self._columns(chunk, model)) for chunk in batch]

    def get_num_bytes(self, batch):
        """Bytes of the texts, for Beam's metrics."""
        return sum(len(text) for chunk in batch for text in chunk.texts)

    def get_metrics_namespace(self):
        return "eelbert"

    def _columns(self, chunk, model):
        outputs = _outputs(chunk, model)
        columns = {"id": chunk.ids}
        if model.output == "score":
            return {**columns, "score": outputs.tolist()}
        if model.multi_label:
            columns["labels"] = [
                [name for name, p in zip(model.labels, row) if p > 0.5] for row in outputs
            ]
        else:
            columns["label"] = [model.labels[index] for index in outputs.argmax(axis=-1)]
            columns["probability"] = outputs.max(axis=-1).tolist()
        if model.multi_label or self.plan.all_probabilities:
            columns["probabilities"] = outputs.tolist()
        return columns


def _fastest_predictor(model):
    """That of the SavedModel: starting on a chunk costs it less than it costs Keras."""
    from eelbert_tf.export.saved_model import export_saved_model
    from eelbert_tf.runtimes.saved_model_runtime import saved_model_predictor

    if (model_directory(model) / PARTS["saved_model"]).exists():
        return load_predictor(model, "saved_model")
    task, pair = load_task(model)
    with tempfile.TemporaryDirectory() as directory:
        path = f"{directory}/saved_model"
        export_saved_model(task, path, pair)
        return saved_model_predictor(path)


def _outputs(chunk, model):
    """The model's answers in the order of the chunk."""
    if not chunk.texts:
        shape = (0,) if model.labels is None else (0, len(model.labels))
        return np.zeros(shape, "float32")
    sizes = [len(text) for text in chunk.texts]
    if chunk.pairs is not None:
        sizes = [size + len(pair) for size, pair in zip(sizes, chunk.pairs)]
    order = np.argsort(sizes, kind="stable")
    texts = [chunk.texts[index] for index in order]
    x = texts if chunk.pairs is None else (texts, [chunk.pairs[index] for index in order])
    answers = model.predict(x) if model.output == "score" else model.predict_proba(x)
    outputs = np.empty_like(answers)
    outputs[order] = answers
    return outputs
