"""Forms of an export. Imports nothing heavy, for the command line's start."""

from eelbert_tf.errors import UserError

SAVED_MODEL, LITERT, MEDIAPIPE, ONNX = "saved_model", "litert", "mediapipe", "onnx"
FORMATS = (SAVED_MODEL, LITERT, MEDIAPIPE, ONNX)
QUANTIZED_FORMATS = (LITERT, MEDIAPIPE)
# How weights can be stored in a `.tflite`.
QUANTIZATIONS = ("none", "fp16", "int8", "int4")
# What the command line takes where nothing is said: small and fast, and hardly any answer changes.
DEFAULT_QUANTIZATION = "int8"
# The same by ai-edge-quantizer, under its names: weights in int8; activations too; int4 by blocks.
DYNAMIC_INT8, FULL_INT8 = "dynamic_wi8_afp32", "static_wi8_ai8"
BLOCKWISE_INT4 = "dynamic_wi4b32_afp32"
RECIPES = (DYNAMIC_INT8, FULL_INT8, BLOCKWISE_INT4)
# Layers in int8 or int4, whichever pays.
MIXED = "mixed"
# What is chosen or measured on rows.
CALIBRATED = (FULL_INT8, MIXED)


def check_quantization(quantize):
    """Raise `UserError` where there is no such quantization."""
    if quantize not in QUANTIZATIONS:
        raise UserError(
            f"`quantize` must be one of {', '.join(QUANTIZATIONS)}. Received: {quantize!r}."
        )


def check_calibration(quantize, calibration):
    """Raise `UserError` where rows are missing that a quantization needs, or given in vain."""
    if (quantize in CALIBRATED) == (calibration is not None):
        return
    if calibration is None:
        raise UserError(
            f"`{quantize}` needs rows to measure on: give some by `--calibration`. Received: none."
        )
    raise UserError(
        f"`--calibration` is for `--quantize {' or '.join(CALIBRATED)}`. Received: --quantize "
        f"{quantize}."
    )
