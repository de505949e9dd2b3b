"""`eelbert info`."""

import json

from eelbert_tf.cli.data import read
from eelbert_tf.cli.quiet import import_tensorflow, quiet_start


def run(arguments):
    """Print the layers of a model or a preset, with their sizes; without one, all names."""
    from eelbert_tf.preset_names import ARCHITECTURES, list_presets, resolve
    from eelbert_tf.shipped_presets import PRESET, model_directory

    if arguments.sensitivity:
        _print_sensitivity(arguments)
        return
    if arguments.model is None:
        _print_presets(list_presets(), arguments.json)
        return
    resolve(arguments.model)
    is_model = (
        arguments.model not in ARCHITECTURES
        and (model_directory(arguments.model) / PRESET).is_dir()
    )
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


def _print_presets(presets, as_json):
    if as_json:
        print(json.dumps({"presets": presets}))
        return
    width = max(len(name) for name in presets)
    for name, facts in presets.items():
        size = facts["bytes"].get("model_int8.tflite")
        shown = f"; int8 .tflite {size / 1e6:.2f} MB" if size else ""
        print(f"{name:{width}}  {facts['description']}{shown}")


def _print_sensitivity(arguments):
    from eelbert_tf.errors import UserError
    from eelbert_tf.runtimes.load import load_task, model_part

    if arguments.model is None:
        raise UserError("`--sensitivity` is for the layers of a model: name one. Received: none.")
    model_part(arguments.model, "keras")
    examples = read(arguments.sensitivity, arguments, arguments.split)
    import_tensorflow()
    from eelbert_tf.compression.sensitivity import LayerBits, table

    with quiet_start():
        report = LayerBits(*load_task(arguments.model), examples).report()
    print(json.dumps({"sensitivity": report}) if arguments.json else table(report))
