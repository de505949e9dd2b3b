"""Post-training quantization of a `.tflite` by ai-edge-quantizer."""

import contextlib
import io
import re
import warnings

from eelbert_tf.errors import UserError
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.modes import FULL_INT8
from eelbert_tf.hashing.code_points import to_code_points
from eelbert_tf.models.text_inputs import to_texts

_INPUTS = ("code_points", "code_points_pair")
# Texts from which ranges are taken; more change little.
_CALIBRATION_TEXTS = 200


def apply_recipe(model, recipe, scope, calibration=None, characters=None):
    """Quantize a model by a recipe of ai-edge-quantizer; the hash keeps int32 and float32.

    Args:
        model: bytes of a float32 model with its names, as `convert` gives it.
        recipe: str, one of `modes.RECIPES`.
        scope: str, the name of the Keras task: what is outside it, the hash, is left alone.
        calibration: texts or pairs of texts; needed by `"static_wi8_ai8"` alone, which takes the
            ranges of activations from the first 200.
        characters: int, the window of the model in characters, where it is calibrated.

    Returns:
        bytes of the model, without names.

    Raises:
        UserError: ai-edge-quantizer is missing, or there are no texts where they are needed.

    Example:

    ```python
    apply_recipe(convert(function), "dynamic_wi8_afp32", task.name)
    ```
    """
    quantizer, recipes = _import_quantizer()
    rules = [{**rule, "regex": re.escape(scope)} for rule in getattr(recipes, recipe)()]
    with _silence():
        work = quantizer.Quantizer(model, rules)
        ranges = None
        if recipe == FULL_INT8:
            samples = _samples(calibration, characters)
            ranges = work.calibrate({"serving_default": samples}, num_threads=1)
        result = work.quantize(ranges, enable_progress_report=False)
        return Graph(bytes(result.quantized_model)).to_bytes()


def _samples(calibration, characters):
    """Inputs of the model, one text at a time."""
    if calibration is None:
        raise UserError(
            f"`{FULL_INT8}` takes the ranges of activations from texts: give some as "
            "`calibration` (--calibration). Received: none."
        )
    columns = [column for column in to_texts(calibration) if column is not None]
    return [
        {
            name: to_code_points(column[place : place + 1], characters)
            for name, column in zip(_INPUTS, columns)
        }
        for place in range(min(len(columns[0]), _CALIBRATION_TEXTS))
    ]


@contextlib.contextmanager
def _silence():
    """It draws progress bars, and the interpreter warns of what it is asked for."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _import_quantizer():
    try:
        with _silence():
            from ai_edge_quantizer import quantizer, recipe
    except ImportError as error:
        raise UserError(
            "Recipes need ai-edge-quantizer: pip install 'eelbert_tf[quantizer]'."
        ) from error
    return quantizer, recipe
