"""Scores and sizes of the artefacts of a shipped model, each as it was written."""

import numpy as np

ARTEFACTS = {
    "keras": "preset",
    "saved_model": "saved_model",
    "litert": "model.tflite",
    "litert_int8": "model_int8.tflite",
}


def predictors_of(directory):
    """The predictors of a model directory by the names of `ARTEFACTS`; of what it holds."""
    from eelbert_tf.runtimes.litert_runtime import litert_predictor
    from eelbert_tf.runtimes.load import load_predictor

    predictors = {}
    for name, part in ARTEFACTS.items():
        if name.startswith("litert") and (directory / part).exists():
            predictors[name] = litert_predictor(directory / part)
        elif (directory / part).exists():
            predictors[name] = load_predictor(directory, name)
    return predictors


def scores_of(directory, examples):
    """Each artefact's metrics on examples, with how far it agrees with Keras.

    Args:
        directory: path of a model directory.
        examples: `Examples`: labelled rows, or for an embedder pairs with scores.

    Returns:
        A dict of dicts by the names of `ARTEFACTS`.
    """
    from eelbert_tf.training.agreement import agreement
    from eelbert_tf.training.evaluate import evaluate

    predictors = predictors_of(directory)
    if predictors["keras"].output == "embedding":
        return _embedder_scores(predictors, examples)
    scores = {}
    for name, predictor in predictors.items():
        agreed = {} if name == "keras" else agreement(predictors["keras"], predictor, examples)
        scores[name] = {**evaluate(predictor, examples), **agreed}
    return scores


def _embedder_scores(predictors, examples):
    from eelbert_tf.errors import UserError
    from eelbert_tf.training.evaluate import is_score
    from eelbert_tf.training.metrics import score_metrics

    if examples.text_pairs is None or not is_score(examples):
        raise UserError(
            "An embedder is scored on pairs of texts with a column `score`. Received: "
            f"{examples.source}. Name other rows."
        )
    scores, ours = {}, None
    for name, predictor in predictors.items():
        columns = (predictor.embed(texts) for texts in (examples.texts, examples.text_pairs))
        vectors = [v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9) for v in columns]
        ours = vectors if ours is None else ours
        metrics = score_metrics(examples.labels, (vectors[0] * vectors[1]).sum(axis=-1))
        del metrics["mean_absolute_error"]  # cosines have another scale than the scores
        scores[name] = metrics
        if name != "keras":
            cosines = [(mine * other).sum(axis=-1).min() for mine, other in zip(ours, vectors)]
            metrics["smallest_cosine_with_keras"] = float(min(cosines))
    return scores


def sizes_of(directory):
    """Bytes of each artefact that is there, and after gzip, under `bytes` and `gzip_bytes`."""
    from eelbert_tf.export.report import compressed_size

    sizes = {"bytes": {}, "gzip_bytes": {}}
    for part in ARTEFACTS.values():
        path = directory / part
        if path.exists():
            files = (
                [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
            )
            sizes["bytes"][part] = sum(file.stat().st_size for file in files)
            sizes["gzip_bytes"][part] = compressed_size(files)
    return sizes
