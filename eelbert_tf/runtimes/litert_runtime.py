"""A `.tflite` file, computed by LiteRT. The one module that knows its interpreter."""

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import read_settings
from eelbert_tf.export.mediapipe_tokenizer import token_ids
from eelbert_tf.export.modes import MEDIAPIPE
from eelbert_tf.hashing.code_points import code_point_inputs
from eelbert_tf.models.problem_types import MULTI_LABEL
from eelbert_tf.runtimes.predictor import Predictor


def litert_predictor(path, threads=1):
    """A `Predictor` of a file that `export_litert` or `export_mediapipe` wrote.

    For the latter it does to a text what MediaPipe does.
    """
    settings = read_settings(path)
    runner = interpreter(path, threads).get_signature_runner()
    output = next(iter(runner.get_output_details()))
    if settings.get("format") == MEDIAPIPE:
        length = runner.get_input_details()["ids"]["shape"][1]

    def inputs(texts, pairs):
        if settings.get("format") == MEDIAPIPE:
            return token_ids(texts[0], length)
        return code_point_inputs(texts, pairs, settings["max_characters"])

    def run(texts, pairs):
        rows = [slice(index, index + 1) for index in range(len(texts))]
        batches = (inputs(texts[row], None if pairs is None else pairs[row]) for row in rows)
        return np.concatenate([runner(**batch)[output].copy() for batch in batches])

    multi_label = settings["problem_type"] == MULTI_LABEL
    return Predictor(run, settings["labels"], settings["pair"], output, multi_label, inputs)


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
