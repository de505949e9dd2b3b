"""`eelbert export`."""

import json
import pathlib

from eelbert_tf.cli.data import read
from eelbert_tf.cli.quiet import import_tensorflow, quiet_start
from eelbert_tf.export.modes import (
    DEFAULT_QUANTIZATION,
    MEDIAPIPE,
    MIXED,
    ONNX,
    QUANTIZED_FORMATS,
    SAVED_MODEL,
)


def run(arguments):
    """Write an export and, with data, score it beside the Keras model."""
    from eelbert_tf.errors import UserError
    from eelbert_tf.export.modes import check_calibration
    from eelbert_tf.files import check_free
    from eelbert_tf.runtimes.load import load_task, model_part

    if arguments.max_words is not None and arguments.format == SAVED_MODEL:
        raise UserError(
            "`--max-words` is for the other formats: a SavedModel has the window of its model."
        )
    if arguments.quantize is None and arguments.format in QUANTIZED_FORMATS:
        arguments.quantize = DEFAULT_QUANTIZATION
    elif arguments.quantize is None:
        arguments.quantize = "none"
    if arguments.quantize != "none" and arguments.format not in QUANTIZED_FORMATS:
        raise UserError(
            f"`--quantize` is for `--format {'` and `--format '.join(QUANTIZED_FORMATS)}`: other "
            f"files keep the weights of their model. Received: --quantize {arguments.quantize}."
        )
    if arguments.version is not None and arguments.format != SAVED_MODEL:
        raise UserError(
            "`--version` is for `--format saved_model`: other files have no versions. "
            f"Received: --version {arguments.version}."
        )
    check_calibration(arguments.quantize, arguments.calibration)
    model_part(arguments.model, "keras")
    path = _path(arguments)
    check_free(path, arguments.overwrite, directory=arguments.format == SAVED_MODEL)
    examples, calibration = (
        read(source, arguments, arguments.split) if source else None
        for source in (arguments.data, arguments.calibration)
    )
    import_tensorflow()
    from eelbert_tf.export.report import compressed_size, memory
    from eelbert_tf.runtimes.keras_runtime import keras_predictor
    from eelbert_tf.training.evaluate import evaluate, inputs

    task, pair = load_task(arguments.model)
    keras = keras_predictor(task, pair)
    # First, so that data of another kind is found before anything is written.
    ours = evaluate(keras, examples) if examples else None
    with quiet_start():
        exported = _export(task, pair, path, arguments, examples, calibration)
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    report = {
        "path": str(path),
        "bytes": sum(file.stat().st_size for file in files),
        "gzip_bytes": compressed_size(files),
    }
    if examples:
        report.update(_score(keras, ours, exported, examples))
        report.update(memory(arguments.format, path, exported, inputs(examples)))
    if arguments.json:
        print(json.dumps(report))
        return
    for name, value in report.items():
        print(f"{name:20} {value}")


def _path(arguments):
    """Where the export goes."""
    from eelbert_tf.export.serving.versions import check_serving_api, version_path

    if arguments.format != SAVED_MODEL:
        return pathlib.Path(arguments.out)
    check_serving_api()
    return version_path(arguments.out, arguments.version)


def _export(task, pair, path, arguments, examples, calibration):
    """Write the export; returns its `Predictor`."""
    if arguments.format == SAVED_MODEL:
        return _export_version(task, pair, path, arguments, examples)
    given = {
        "pair": pair,
        "max_words": arguments.max_words,
        "overwrite": arguments.overwrite,
        "card": _card(arguments.model),
    }
    if arguments.format == ONNX:
        from eelbert_tf.export.onnx import export_onnx
        from eelbert_tf.runtimes.onnx_runtime import onnx_predictor

        export_onnx(task, path, **given)
        return onnx_predictor(path)
    from eelbert_tf.export.litert import export_litert
    from eelbert_tf.export.mediapipe import export_mediapipe
    from eelbert_tf.runtimes.litert_runtime import litert_predictor
    from eelbert_tf.training.evaluate import inputs

    given["quantize"] = arguments.quantize
    if arguments.quantize == MIXED:
        from eelbert_tf.compression.sensitivity import LayerBits

        given["quantize"] = LayerBits(task, pair, calibration, arguments.max_words).mixed()
    if arguments.format == MEDIAPIPE:
        export_mediapipe(task, path, **given)
    else:
        export_litert(task, path, calibration=calibration and inputs(calibration), **given)
    return litert_predictor(path)


def _export_version(task, pair, path, arguments, examples):
    """Write a SavedModel; returns its `Predictor`."""
    from eelbert_tf.export.serving.versions import export_version
    from eelbert_tf.runtimes.load import read_command
    from eelbert_tf.runtimes.saved_model_runtime import saved_model_predictor

    columns = examples and [examples.texts, examples.text_pairs][: 2 if pair else 1]
    settings = read_command(arguments.model).get("settings", {})
    export_version(
        task,
        path.parent,
        pair,
        int(path.name),
        arguments.overwrite,
        settings.get("preset", pathlib.Path(arguments.model).name),
        columns,
    )
    return saved_model_predictor(path)


def _card(directory):
    """The text of a model directory's card, or None."""
    from eelbert_tf.shipped_presets import model_directory

    card = model_directory(directory) / "README.md"
    return card.read_text(encoding="utf-8") if card.is_file() else None


def _score(keras, ours, exported, examples):
    from eelbert_tf.export.report import latency
    from eelbert_tf.training.agreement import agreement
    from eelbert_tf.training.evaluate import evaluate, inputs

    metrics = evaluate(exported, examples)
    main = "spearman" if "spearman" in metrics else "accuracy"
    return {
        **metrics,
        f"keras_{main}": ours[main],
        **agreement(keras, exported, examples),
        **latency(exported, inputs(examples)),
    }
