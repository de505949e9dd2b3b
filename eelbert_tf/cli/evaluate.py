"""`eelbert evaluate`."""

import json

from eelbert_tf.cli.data import read
from eelbert_tf.cli.quiet import import_tensorflow, quiet_start


def run(arguments):
    """Score a trained model on labelled texts."""
    from eelbert_tf.runtimes.load import load_predictor, model_part

    model_part(arguments.model, arguments.runtime)
    examples = read(arguments.data, arguments, arguments.split)
    import_tensorflow()
    from eelbert_tf.training.evaluate import evaluate

    with quiet_start():
        predictor = load_predictor(arguments.model, arguments.runtime)
    metrics = evaluate(predictor, examples)
    if arguments.json:
        print(json.dumps(metrics))
        return
    for name, value in metrics.items():
        shown = value if value is None or isinstance(value, int) else f"{value:.4f}"
        print(f"{name:20} {shown}")
