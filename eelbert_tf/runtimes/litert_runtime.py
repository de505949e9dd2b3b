"""A `.tflite` file, computed by LiteRT. The one module that knows its interpreter."""

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import read_settings
from eelbert_tf.hashing.code_points import to_code_points
from eelbert_tf.runtimes.predictor import Predictor


def litert_predictor(path, threads=1):
    """A `Predictor` of a file that `export_litert` wrote."""
    settings = read_settings(path)
    runner = interpreter(path, threads).get_signature_runner()
    names = ("code_points", "code_points_pair") if settings["pair"] else ("code_points",)
    output = next(iter(runner.get_output_details()))

    def run(texts, pairs):
        columns = [texts] if pairs is None else [texts, pairs]
        rows = []
        for index in range(len(texts)):
            inputs = {
                name: to_code_points(column[index : index + 1], settings["max_characters"])
                for name, column in zip(names, columns)
            }
            rows.append(runner(**inputs)[output].copy())
        return np.concatenate(rows)

    multi_label = settings["problem_type"] == "multi_label_classification"
    return Predictor(run, settings["labels"], settings["pair"], output, multi_label)


def interpreter(path, threads=1):
    """An interpreter of a file, ready to run.

    Raises:
        UserError: the file is missing or damaged.
    """
    from ai_edge_litert.interpreter import Interpreter

    try:
        result = Interpreter(str(path), num_threads=threads)
        result.allocate_tensors()
    except (ValueError, RuntimeError, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(f"{path} holds no LiteRT model that can be loaded: {reason}") from error
    return result
