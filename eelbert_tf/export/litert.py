"""To a `.tflite` file of LiteRT builtins alone: for phones, browsers and small computers."""

import tempfile

import tensorflow as tf

from eelbert_tf.compression.recipes import apply_recipe
from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import archive
from eelbert_tf.export.code_points import check_code_points, code_point_function, window
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.modes import RECIPES, check_quantization
from eelbert_tf.export.quantization import quantize_weights
from eelbert_tf.export.settings import model_settings
from eelbert_tf.files import replaced


def export_litert(
    task,
    path,
    pair=False,
    max_words=None,
    overwrite=False,
    quantize="none",
    card=None,
    calibration=None,
):
    """Write a `.tflite` from code points to answers.

    Its signature takes `code_points`, int32 `(1, length)`, the Unicode code points of a text and
    zeros behind them (for pairs also `code_points_pair`), and returns `probabilities`, float32
    `(1, classes)`, `score` `(1,)` or `embedding` `(1, dim)`. The labels (`labels.txt`), the
    settings (`eelbert.json`) and the model card (`README.md`) are appended as a zip archive, as in
    TFLite's metadata.

    Args:
        task: `EelbertTextClassifier` or `EelbertTextEmbedder`, with its preprocessor.
        path: where the file goes.
        pair: bool. Whether it takes pairs of texts.
        max_words: int or None. The window in words; the preprocessor's unless given. The window
            in characters shrinks with it.
        overwrite: bool. Whether something at `path` may be replaced.
        quantize: how weights are stored: `"none"` (float32), `"fp16"`, `"int8"`, or `"int4"` with
            int8 where 4 bits lose too much; or a list of these, one for each layer of
            `sensitivity`; or a recipe of ai-edge-quantizer, one of `modes.RECIPES`. Word vectors
            keep every bit.
        card: str or None. A model card to put into the file.
        calibration: texts, or pairs of texts, from which `"static_wi8_ai8"` takes the ranges of
            activations.

    Raises:
        UserError: `quantize` is none of these; the path exists or cannot be written; the model
            cuts text into WordPieces, for which there are no builtins; or the file would need
            Flex or custom operations.

    Example:

    ```python
    export_litert(classifier, "model.tflite")
    interpreter = ai_edge_litert.interpreter.Interpreter("model.tflite")
    run = interpreter.get_signature_runner()
    run(code_points=code_points)["probabilities"]
    ```
    """
    check_code_points(task, ".tflite")
    words, characters = window(task.preprocessor, max_words)
    function = code_point_function(task, pair, words, characters)
    if quantize in RECIPES:
        model = apply_recipe(convert(function), quantize, task.name, calibration, characters)
    else:
        model = convert(function, quantize)
    settings = model_settings(task, pair, words, characters)
    with replaced(path, overwrite) as temporary:
        temporary.write_bytes(model + archive(settings, card))


def convert(function, quantize="none"):
    """Convert a concrete function to the bytes of a model of builtins.

    Args:
        function: concrete function.
        quantize: `"none"`, `"fp16"`, `"int8"`, `"int4"` or a list, as in `export_litert`.

    Returns:
        bytes.

    Raises:
        UserError: there is no such quantization, or it needs Flex or custom operations.
    """
    if isinstance(quantize, str):
        check_quantization(quantize)
    module = tf.Module()
    module.function = function
    module.tracked = list(function.variables)
    with tempfile.TemporaryDirectory() as directory:
        # Conversion from the function itself would drop the weights without a word.
        tf.saved_model.save(module, directory, signatures=function)
        converter = tf.lite.TFLiteConverter.from_saved_model(directory)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
        try:
            model = converter.convert()
        except Exception as error:  # the converter raises bare ones
            reason = str(error).strip().splitlines()[0]
            raise UserError(f"The model does not convert to LiteRT builtins: {reason}") from error
    refuse_other_than_builtins(model)
    graph = Graph(model)
    quantize_weights(graph, quantize)
    return graph.to_bytes(names=quantize == "none")


def refuse_other_than_builtins(model):
    """Raise where a model holds Flex or custom operations, which devices lack.

    Raises:
        UserError: it names them.
    """
    from tensorflow.lite.python import schema_py_generated as schema

    codes = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0)).operatorCodes
    custom = sorted({str(code.customCode, "utf-8") for code in codes if code.customCode})
    if custom:
        raise UserError(
            "A .tflite must hold LiteRT builtins only, since devices lack others. "
            f"Received: {', '.join(custom)}. Replace the layers that need them."
        )
