"""The memory that an export takes, measured in a process that holds its runtime and nothing else.

    python -m eelbert_tf.export.memory litert model.tflite < inputs

prints the bytes. It imports neither Keras nor, unless a SavedModel is loaded, TensorFlow.
"""

import pathlib
import pickle
import subprocess
import sys

from eelbert_tf.export.modes import LITERT, MEDIAPIPE, ONNX, SAVED_MODEL

_STATUS, _CLEAR = pathlib.Path("/proc/self/status"), pathlib.Path("/proc/self/clear_refs")
_CLEAR_PEAK = "5"


def peak_memory(format, path, inputs):
    """Resident bytes that loading an export and answering with it add at most, on one thread.

    Args:
        format: one of `modes.FORMATS`.
        path: the export.
        inputs: list of dicts of NumPy arrays, as `Predictor.inputs` gives them.

    Returns:
        int; None where the system does not tell (it is not Linux).
    """
    if not _CLEAR.exists():
        return None
    done = subprocess.run(
        [sys.executable, "-m", __name__, format, str(path)],
        input=pickle.dumps(inputs),
        capture_output=True,
        check=True,
    )
    return int(done.stdout.split()[-1])


def _saved_model():
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.constant(0)

    def load(path):
        model = tf.saved_model.load(path)
        return lambda **inputs: model.signatures["serving_default"](
            **{name: tf.constant(array) for name, array in inputs.items()}
        )

    return load


def _litert():
    from ai_edge_litert.interpreter import Interpreter

    return lambda path: Interpreter(path, num_threads=1).get_signature_runner()


def _onnx():
    import onnxruntime

    def load(path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(path, options)
        return lambda **inputs: session.run(None, inputs)

    return load


_RUNTIMES = {SAVED_MODEL: _saved_model, LITERT: _litert, MEDIAPIPE: _litert, ONNX: _onnx}


def _resident(field):
    (line,) = [row for row in _STATUS.read_text().splitlines() if row.startswith(field)]
    return 1024 * int(line.split()[1])


def _measure(format, path, inputs):
    load = _RUNTIMES[format]()
    before = _resident("VmRSS")
    _CLEAR.write_text(_CLEAR_PEAK)
    run = load(path)
    for arrays in inputs:
        run(**arrays)
    return _resident("VmHWM") - before


if __name__ == "__main__":
    print(_measure(*sys.argv[1:], pickle.load(sys.stdin.buffer)))
