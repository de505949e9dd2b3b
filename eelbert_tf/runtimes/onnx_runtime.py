"""An `.onnx` file, computed by onnxruntime."""

import json

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import SETTINGS_FILE
from eelbert_tf.hashing.code_points import code_point_inputs
from eelbert_tf.models.problem_types import MULTI_LABEL
from eelbert_tf.runtimes.predictor import Predictor

_BATCH = 64


def onnx_predictor(path, threads=1):
    """A `Predictor` of a file that `export_onnx` wrote.

    Raises:
        UserError: the extra `onnx` is missing; or the file is missing, damaged, or not from
            `export_onnx`.
    """
    session = _session(path, threads)
    settings = session.get_modelmeta().custom_metadata_map.get(SETTINGS_FILE)
    if settings is None:
        raise UserError(f"{path} holds no {SETTINGS_FILE}: it was not made by export_onnx.")
    settings = json.loads(settings)
    (output,) = session.get_outputs()

    def inputs(texts, pairs):
        return code_point_inputs(texts, pairs, settings["max_characters"])

    def run(texts, pairs):
        parts = [slice(start, start + _BATCH) for start in range(0, len(texts), _BATCH)]
        batches = [inputs(texts[p], None if pairs is None else pairs[p]) for p in parts]
        return np.concatenate([session.run(None, batch)[0] for batch in batches])

    multi_label = settings["problem_type"] == MULTI_LABEL
    return Predictor(run, settings["labels"], settings["pair"], output.name, multi_label, inputs)


def _session(path, threads):
    try:
        import onnxruntime
    except ImportError as error:
        raise UserError(
            "ONNX needs onnxruntime, which is not installed: pip install 'eelbert_tf[onnx]'."
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(str(path), options)
    except Exception as error:  # its own, which have no common class
        reason = str(error).strip().splitlines()[0]
        raise UserError(f"{path} holds no ONNX model that can be loaded: {reason}") from error
