"""`eelbert predict`."""

import json

from eelbert_tf.cli.data import typed_texts
from eelbert_tf.cli.quiet import import_tensorflow, quiet_start


def run(arguments):
    """Print the label of each text with its probability, or its score."""
    from eelbert_tf.errors import UserError
    from eelbert_tf.runtimes.load import load_predictor, model_part

    model_part(arguments.model, arguments.runtime)
    import_tensorflow()
    with quiet_start():
        predictor = load_predictor(arguments.model, arguments.runtime)
    if predictor.output == "embedding":
        raise UserError(f"{arguments.model} holds an embedder: use `eelbert embed`.")
    texts, x = typed_texts(arguments, predictor.pair)
    if predictor.labels is None:
        rows = [{"text": t, "score": float(s)} for t, s in zip(texts, predictor.predict(x))]
    else:
        rows = _labels(texts, predictor.labels, predictor.predict_proba(x))
    if arguments.json:
        print(json.dumps({"predictions": rows}, ensure_ascii=False))
        return
    for row in rows:
        print(_line(row))


def _labels(texts, names, probabilities):
    return [
        {
            "text": text,
            "label": names[int(row.argmax())],
            "probabilities": {name: float(p) for name, p in zip(names, row)},
        }
        for text, row in zip(texts, probabilities)
    ]


def _line(row):
    if "score" in row:
        return f"{row['score']:.3f}\t{row['text']}"
    return f"{row['label']}\t{row['probabilities'][row['label']]:.3f}\t{row['text']}"
