"""The directory of a trained model: every artefact, scored, with its card."""

import importlib.metadata
import json
import platform

from eelbert_tf.export.litert import export_litert
from eelbert_tf.export.outputs import label_names
from eelbert_tf.export.saved_model import export_saved_model
from eelbert_tf.files import check_room, replaced
from eelbert_tf.runtimes.keras_runtime import keras_predictor
from eelbert_tf.runtimes.litert_runtime import litert_predictor
from eelbert_tf.runtimes.load import COMMAND_FILE, PARTS
from eelbert_tf.runtimes.saved_model_runtime import saved_model_predictor
from eelbert_tf.training.agreement import agreement
from eelbert_tf.training.evaluate import evaluate
from eelbert_tf.training.model_card import model_card
from eelbert_tf.version import __version__

# Bytes, on the safe side: three files hold the weights, and each a description of the model.
_ROOM, _ROOM_OF_PARAMETER = 8_000_000, 16
_PACKAGES = ("tensorflow", "keras", "keras-hub", "ai-edge-litert", "numpy")


def write_model_directory(
    task, train, dev, evaluated_on, settings, path, overwrite=False, command=()
):
    """Write preset, SavedModel, `.tflite`, labels, metrics, card and command, all or nothing.

    Args:
        task: trained `EelbertTextClassifier`.
        train, dev: `Examples`; the second are scored.
        evaluated_on: str, what `dev` is, for the reader.
        settings: dict, how the model was trained.
        path: where the directory goes.
        overwrite: bool. Whether something there may be replaced.
        command: list of str, the command line, for the record.

    Returns:
        The metrics, as in `metrics.json`.

    Raises:
        UserError: the path exists or cannot be written.
    """
    pair = train.text_pairs is not None
    wordpieces = task.preprocessor.tokenizer is not None
    with replaced(path, overwrite) as directory:
        directory.mkdir()
        check_room(directory, _ROOM + _ROOM_OF_PARAMETER * task.count_params())
        task.save_to_preset(str(directory / PARTS["keras"]))
        preset = settings.get("preset")
        export_saved_model(task, directory / PARTS["saved_model"], pair, preset=preset)
        if not wordpieces:
            export_litert(task, directory / PARTS["litert"], pair)
        labels = label_names(task)
        if labels:
            (directory / "labels.txt").write_text("\n".join(labels) + "\n", encoding="utf-8")
        metrics = _score(task, directory, dev, pair)
        metrics = {"evaluated_on": evaluated_on, **metrics, "bytes": _sizes(directory)}
        _write_json(directory / "metrics.json", metrics)
        record = {
            "command": list(command),
            "settings": settings,
            "seed": settings.get("seed"),
            "pair": pair,
            "train_rows": len(train),
            "versions": versions(),
        }
        _write_json(directory / COMMAND_FILE, record)
        card = model_card(task, train, metrics, settings)
        (directory / "README.md").write_text(card, encoding="utf-8")
    return metrics


def versions():
    """Versions of what computed: for results that someone wants to make again."""
    packages = {name: importlib.metadata.version(name) for name in _PACKAGES}
    return {"eelbert_tf": __version__, "python": platform.python_version(), **packages}


def _score(task, directory, dev, pair):
    keras = keras_predictor(task, pair)
    metrics = evaluate(keras, dev)
    runtimes = {"saved_model": saved_model_predictor(directory / PARTS["saved_model"])}
    if (directory / PARTS["litert"]).exists():
        runtimes["litert"] = litert_predictor(directory / PARTS["litert"])
    for name, predictor in runtimes.items():
        metrics[name] = {**evaluate(predictor, dev), **agreement(keras, predictor, dev)}
    return metrics


def _sizes(directory):
    def size(path):
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        return sum(file.stat().st_size for file in files)

    return {name: size(directory / name) for name in PARTS.values() if (directory / name).exists()}


def _write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
