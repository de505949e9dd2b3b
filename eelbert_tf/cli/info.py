"""`eelbert info`."""

import json
import pathlib

from eelbert_tf.cli.quiet import import_tensorflow


def run(arguments):
    """Print the layers of a model directory or a preset, with their sizes."""
    from eelbert_tf.preset_names import resolve

    directory = pathlib.Path(arguments.model)
    is_model = (directory / "preset").is_dir()
    resolve(directory / "preset" if is_model else arguments.model)
    import_tensorflow()
    from eelbert_tf.models import EelbertBackbone
    from eelbert_tf.models.summary import model_summary, summary_rows
    from eelbert_tf.runtimes.load import load_task

    if is_model:
        model, _ = load_task(arguments.model)
    else:
        model = EelbertBackbone.from_preset(arguments.model)
    if arguments.json:
        print(json.dumps({"layers": summary_rows(model), "parameters": model.count_params()}))
        return
    print(model_summary(model))
