"""From a trained encoder to the preset of a smaller one, by methods that need no labels."""

import importlib
import json
import pathlib

from eelbert_tf.compression.encoder_preset import EncoderPreset, check_finite, preset_directory
from eelbert_tf.compression.methods import METHODS, method_options, training_settings
from eelbert_tf.files import check_free, replaced
from eelbert_tf.training.model_directory import versions

RECORD_FILE = "compression.json"


def compress_preset(
    directory, method, options=None, *, out, data=None, seed=0, overwrite=False, report=None
):
    """Write a preset directory that holds a smaller encoder.

    The method may keep what it needs to go on in `<out>.run`; the same call then goes on.

    Args:
        directory: str or path, as `EncoderPreset.load` takes it.
        method: str, one of `METHODS` for encoders.
        options: dict, the method's own, training settings among them.
        out: path of the preset directory: config, weights, tokenizer, and `compression.json`
            (method, options, source, parameters and bytes before and after, seed, versions).
        data: what the method reads, if it reads any.
        seed: int.
        overwrite: bool. Whether a preset at `out` may be replaced.
        report: function of a `training.trainer.Progress`, or None.

    Returns:
        What `compression.json` holds.

    Raises:
        UserError: the source cannot be used, an option is out of range, or `out` exists.

    Example:

    ```python
    compress_preset("my_bert", "decompose", {"ratio": 7.0}, out="my_small_bert")
    ```
    """
    import keras

    given = dict(options or {})
    training = {name: given.pop(name, None) for name in ("epochs", "batch_size", "learning_rate")}
    chosen = {**method_options(method, given), **training_settings(method, training)}
    check_free(out, overwrite, directory=True)
    source = EncoderPreset.load(directory)
    keras.utils.set_random_seed(seed)
    module = importlib.import_module(METHODS[method].module)
    run = pathlib.Path(f"{out}.run")
    result = module.compress(source, run, data=data, seed=seed, report=report, **chosen)
    check_finite(result.backbone, out)
    with replaced(out, overwrite) as path:
        path.mkdir()
        result.save(path)
        record = {
            "method": method,
            "options": chosen,
            "source": pathlib.Path(directory).name,
            "parameters": {
                "before": source.backbone.count_params(),
                "after": result.backbone.count_params(),
            },
            "bytes": {
                "before": _bytes(preset_directory(directory)),
                "after": _bytes(path),
            },
            "seed": seed,
            "versions": versions(),
        }
        text = json.dumps(record, indent=2, ensure_ascii=False)
        (path / RECORD_FILE).write_text(text + "\n", encoding="utf-8")
    return record


def _bytes(directory):
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
