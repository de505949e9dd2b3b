"""The median seed's model of a task: as a preset, and as an int8 `.tflite`, scored again."""

import os
import shutil

import numpy as np

from eelbert_tf.glue.labels import class_ids
from eelbert_tf.glue.metrics import task_metrics
from eelbert_tf.training.evaluate import inputs


def keep_model(run, seed, directory):
    """Write `<task>/`, a preset, and `<task>.int8.tflite`, and score the second on dev.

    Args:
        run: `TaskRun` that keeps weights.
        seed: int, whose weights.
        directory: path, made if need be.

    Returns:
        A dict of `metrics` by name and `bytes`, of the `.tflite`; None where the model cuts texts
        into WordPieces and so can be no `.tflite`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    preset, file = directory / run.task.name, directory / f"{run.task.name}.int8.tflite"
    with run.engine.classifier_with(run.weights(seed)) as classifier:
        _write_preset(classifier, preset)
        if classifier.preprocessor.tokenizer is not None:
            return None
        _write_litert(classifier, run.task, file)
    return {"metrics": _litert_metrics(run, file), "bytes": file.stat().st_size}


def _write_preset(classifier, path):
    temporary = path.with_name(f".{path.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    classifier.save_to_preset(str(temporary))
    shutil.rmtree(path, ignore_errors=True)
    os.replace(temporary, path)


def _write_litert(classifier, task, path):
    from eelbert_tf.export.litert import export_litert

    export_litert(classifier, path, task.pair, overwrite=True, quantize="int8")


def _litert_metrics(run, path):
    from eelbert_tf.runtimes.litert_runtime import litert_predictor

    predictor, task, metrics = litert_predictor(path), run.task, {}
    for part, examples in run.data.dev.items():
        labels, answers = class_ids(task, examples), predictor.predict(inputs(examples))
        if not task.regression:
            answers = [task.labels.index(answer) for answer in answers]
        scores = task_metrics(task.metrics, labels, np.array(answers, labels.dtype))
        metrics.update({f"{name}{part}": value for name, value in scores.items()})
    return metrics
