"""To a `.tflite` file of LiteRT builtins alone: for phones, browsers and small computers."""

import tempfile

import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import archive
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.modes import check_quantization
from eelbert_tf.export.outputs import check_exportable, label_names, named_outputs
from eelbert_tf.export.quantization import quantize_weights
from eelbert_tf.files import replaced
from eelbert_tf.hashing.code_points import encoder_inputs
from eelbert_tf.layers.hash_layer import hash_arguments


def export_litert(
    task, path, pair=False, max_words=None, overwrite=False, quantize="none", card=None
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
            int8 where 4 bits lose too much. Activations stay floats, and word vectors keep
            every bit.
        card: str or None. A model card to put into the file.

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
    check_exportable(task)
    check_quantization(quantize)
    if getattr(task.preprocessor, "tokenizer", None) is not None:
        raise UserError(
            "A model of WordPieces cannot become a .tflite without its tokenizer: LiteRT has no "
            "builtin operation for it. Train a model of words (the default) for devices."
        )
    words, characters = _window(task.preprocessor, max_words)
    settings = _settings(task, pair, words, characters)
    model = convert(_code_point_function(task, pair, words, characters), quantize)
    with replaced(path, overwrite) as temporary:
        temporary.write_bytes(model + archive(settings, card))


def convert(function, quantize="none"):
    """Convert a concrete function to the bytes of a model of builtins.

    Args:
        function: concrete function.
        quantize: `"none"`, `"fp16"`, `"int8"` or `"int4"`, as in `export_litert`.

    Returns:
        bytes.

    Raises:
        UserError: it needs Flex or custom operations.
    """
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


def _window(preprocessor, max_words):
    words = preprocessor.max_words if max_words is None else max_words
    if not 1 <= words <= preprocessor.max_words:
        raise UserError(
            f"`max_words` must be between 1 and {preprocessor.max_words}, the model's own window. "
            f"Received: max_words={max_words}."
        )
    return words, max(1, preprocessor.max_characters * words // preprocessor.max_words)


def _code_point_function(task, pair, words, characters):
    config = task.preprocessor.hash_config
    names = ("code_points", "code_points_pair") if pair else ("code_points",)

    def answer(**inputs):
        code_points = [inputs[name] for name in names]
        first, second = (*code_points, None)[:2]
        x = encoder_inputs(first, second, config, words)
        return named_outputs(task, task(x, training=False))

    return tf.function(answer).get_concrete_function(
        **{name: tf.TensorSpec([1, characters], tf.int32, name=name) for name in names}
    )


def _settings(task, pair, words, characters):
    return {
        **hash_arguments(task.preprocessor.hash_config),
        "max_words": words,
        "max_characters": characters,
        "pair": pair,
        "labels": label_names(task),
        "problem_type": getattr(task, "problem_type", "embedding"),
    }
