"""From the directory of a trained model to a `Predictor`."""

import json

from eelbert_tf.errors import UserError
from eelbert_tf.preset_names import task_kind
from eelbert_tf.shipped_presets import model_directory, shipped_model, shipped_names

RUNTIMES = ("keras", "saved_model", "litert")
COMMAND_FILE = "command.json"
PARTS = {"keras": "preset", "saved_model": "saved_model", "litert": "model.tflite"}
# What a wheel holds in the place of `model.tflite`.
QUANTIZED_LITERT = "model_int8.tflite"


def load_predictor(directory, runtime="keras"):
    """A predictor of a directory that `eelbert train` wrote, or of a shipped model.

    Installed from a wheel, shipped models have no SavedModel, and `"litert"` computes their int8
    `.tflite`: its answers differ a little from those of Keras.

    Args:
        directory: str or path of a directory, or the name of a shipped model.
        runtime: `"keras"`, `"saved_model"` or `"litert"`.

    Returns:
        A `Predictor` with `predict`, `predict_proba` or `embed`, and `labels`.

    Raises:
        UserError: there is no such directory or part of it, or it is damaged.

    Example:

    ```python
    predictor = load_predictor("my_model", runtime="litert")
    predictor.predict(["a great film"])
    ```
    """
    if runtime not in RUNTIMES:
        raise UserError(f"`runtime` must be one of {', '.join(RUNTIMES)}. Received: {runtime!r}.")
    part = model_part(directory, runtime)
    if runtime == "saved_model":
        from eelbert_tf.runtimes.saved_model_runtime import saved_model_predictor

        return saved_model_predictor(part)
    if runtime == "litert":
        from eelbert_tf.runtimes.litert_runtime import litert_predictor

        return litert_predictor(part)
    from eelbert_tf.runtimes.keras_runtime import keras_predictor

    return keras_predictor(*load_task(directory))


def load_embedder(directory, runtime="keras"):
    """A predictor of sentence vectors: of an embedder, or of a classifier's encoder (Keras)."""
    if runtime != "keras":
        return load_predictor(directory, runtime)
    from eelbert_tf.models import EelbertTextEmbedder
    from eelbert_tf.runtimes.keras_runtime import keras_predictor

    task, pair = load_task(directory)
    if not isinstance(task, EelbertTextEmbedder):
        task = EelbertTextEmbedder(backbone=task.backbone, preprocessor=task.preprocessor)
    return keras_predictor(task, pair)


def model_part(directory, runtime):
    """The path of a runtime's part of a model directory.

    Where there is but an int8 `.tflite`, as in a wheel, it is LiteRT's.

    Raises:
        UserError: it is missing.
    """
    root = model_directory(directory)
    names = [PARTS[runtime], *([QUANTIZED_LITERT] if runtime == "litert" else [])]
    part = next((root / name for name in names if (root / name).exists()), None)
    if part is not None:
        return part
    if root == shipped_model(directory):
        raise UserError(
            f"{directory} comes without {PARTS[runtime]}. Write it by `eelbert export {directory} "
            f"--format {runtime} --out PATH`."
        )
    shipped = ", ".join(shipped_names())
    raise UserError(
        f"{directory} must be a directory that `eelbert train` wrote. {PARTS[runtime]} is "
        f"missing there.{shipped and f' Models that come with the package: {shipped}.'}"
    )


def load_task(directory):
    """The Keras task of a model directory, and whether it takes pairs."""
    from eelbert_tf.models import BertTextClassifier, EelbertTextClassifier, EelbertTextEmbedder

    preset = model_part(directory, "keras")
    classes = {other.__name__: other for other in (BertTextClassifier, EelbertTextEmbedder)}
    task_class = classes.get(task_kind(preset), EelbertTextClassifier)
    return task_class.from_preset(preset), read_command(directory).get("pair", False)


def read_command(directory):
    """What `command.json` says: how the model was made, and whether it takes pairs.

    Raises:
        UserError: the file is missing or damaged.
    """
    file = model_directory(directory) / COMMAND_FILE
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{file} is missing or damaged: {error}.") from error
