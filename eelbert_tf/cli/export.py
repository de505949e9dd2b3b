"""`eelbert export`."""

import json
import pathlib

from eelbert_tf.cli.data import read
from eelbert_tf.cli.quiet import import_tensorflow


def run(arguments):
    """Write an export and, with data, score it beside the Keras model."""
    from eelbert_tf.files import check_free
    from eelbert_tf.runtimes.load import load_task, model_part

    model_part(arguments.model, "keras")
    check_free(arguments.out, arguments.overwrite)
    examples = read(arguments.data, arguments) if arguments.data else None
    import_tensorflow()
    task, pair = load_task(arguments.model)
    path = pathlib.Path(arguments.out)
    if arguments.format == "litert":
        from eelbert_tf.export.litert import export_litert
        from eelbert_tf.runtimes.litert_runtime import litert_predictor as load

        export_litert(task, path, pair, arguments.max_words, arguments.overwrite)
    else:
        from eelbert_tf.export.saved_model import export_saved_model
        from eelbert_tf.runtimes.saved_model_runtime import saved_model_predictor as load

        export_saved_model(task, path, pair, arguments.overwrite)
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    report = {"path": str(path), "bytes": sum(file.stat().st_size for file in files)}
    if examples is not None:
        report.update(_score(task, pair, load(path), examples))
    if arguments.json:
        print(json.dumps(report))
        return
    for name, value in report.items():
        print(f"{name:20} {value}")


def _score(task, pair, exported, examples):
    from eelbert_tf.runtimes.keras_runtime import keras_predictor
    from eelbert_tf.training.agreement import agreement
    from eelbert_tf.training.fine_tune import evaluate

    keras = keras_predictor(task, pair)
    metrics = evaluate(exported, examples)
    ours = evaluate(keras, examples)
    main = "spearman" if "spearman" in metrics else "accuracy"
    return {**metrics, f"keras_{main}": ours[main], **agreement(keras, exported, examples)}
