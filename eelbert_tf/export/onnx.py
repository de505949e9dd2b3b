"""To an `.onnx` of stock operations, for onnxruntime."""

import importlib.util
import logging

import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import described
from eelbert_tf.export.code_points import check_code_points, code_point_function, window
from eelbert_tf.export.settings import model_settings
from eelbert_tf.files import replaced

# The first with a bitwise exclusive or.
OPSET = 18


def export_onnx(task, path, pair=False, max_words=None, overwrite=False, card=None):
    """Write an `.onnx` from code points to answers.

    Inputs and outputs are those of `export_litert`, but for texts of any number: int32
    `code_points` `(batch, length)` (for pairs also `code_points_pair`) to float32 `probabilities`
    `(batch, classes)`, `score` `(batch,)` or `embedding` `(batch, dim)`. The hash gives the bits
    that it always gives. What else is in that archive is in the model's metadata, under the same
    names: `labels.txt`, `eelbert.json` and `README.md`.

    Args:
        task: `EelbertTextClassifier` or `EelbertTextEmbedder`, with its preprocessor.
        path: where the file goes.
        pair, max_words, overwrite, card: as in `export_litert`.

    Raises:
        UserError: the extra `onnx` is not installed; the path exists or cannot be written; the
            model cuts text into WordPieces; or it needs operations that are not in ONNX.

    Example:

    ```python
    export_onnx(classifier, "model.onnx")
    session = onnxruntime.InferenceSession("model.onnx")
    [probabilities] = session.run(None, {"code_points": code_points})
    ```
    """
    check_code_points(task, ".onnx")
    check_onnx_installed()
    words, characters = window(task.preprocessor, max_words)
    settings = model_settings(task, pair, words, characters)
    model = convert(code_point_function(task, pair, words, characters, batch=None))
    for name, text in described(settings, card).items():
        model.metadata_props.add(key=name, value=text)
    with replaced(path, overwrite) as temporary:
        temporary.write_bytes(model.SerializeToString(deterministic=True))


def check_onnx_installed():
    """Raise `UserError` where the extra `onnx` is missing."""
    for package in ("onnx", "onnxruntime", "tf2onnx"):
        if importlib.util.find_spec(package) is None:
            raise UserError(
                f"ONNX needs {package}, which is not installed: pip install 'eelbert_tf[onnx]'."
            )


def convert(function):
    """Convert a concrete function to an `onnx.ModelProto` of stock operations.

    Args:
        function: concrete function.

    Raises:
        UserError: it holds operations that ONNX has not.
    """
    import onnx
    import tf2onnx

    from eelbert_tf.export.onnx_repairs import handlers, repaired

    logging.getLogger("tf2onnx").setLevel(logging.CRITICAL)  # of optimizations that it leaves out
    inputs = function.structured_input_signature[1]
    model, _ = tf2onnx.convert.from_function(
        tf.function(lambda *tensors: function(**dict(zip(inputs, tensors)))),
        input_signature=list(inputs.values()),
        opset=OPSET,
        custom_op_handlers=handlers(),
    )
    model = repaired(model)
    del model.opset_import[:]
    model.opset_import.append(onnx.helper.make_opsetid("", OPSET))
    try:
        # What tf2onnx has no translation for it leaves as it is.
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(f"The model does not convert to ONNX's own operations: {reason}") from error
    return model
