"""Forms of an export. Imports nothing heavy, for the command line's start."""

from eelbert_tf.errors import UserError

SAVED_MODEL, LITERT, MEDIAPIPE, ONNX = "saved_model", "litert", "mediapipe", "onnx"
FORMATS = (SAVED_MODEL, LITERT, MEDIAPIPE, ONNX)
# How weights can be stored in a `.tflite`.
QUANTIZATIONS = ("none", "fp16", "int8", "int4")


def check_quantization(quantize):
    """Raise `UserError` where there is no such quantization."""
    if quantize not in QUANTIZATIONS:
        raise UserError(
            f"`quantize` must be one of {', '.join(QUANTIZATIONS)}. Received: {quantize!r}."
        )
