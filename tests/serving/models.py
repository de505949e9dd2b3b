"""The models of `docs/serving.md`, as `eelbert export` writes them."""

import keras

from eelbert_tf.export.serving.versions import export_version
from eelbert_tf.models import EelbertTextClassifier
from eelbert_tf.runtimes.load import load_task

SHIPPED = {"mood": "eelbert_plus_sst2", "vectors": "eelbert_plus_en_uncased"}


def export_models(folder):
    """Write the first version of each; returns a dict from name to path of the version."""
    paths = {
        name: export_version(load_task(model)[0], folder / name, preset=model)
        for name, model in SHIPPED.items()
    }
    keras.utils.set_random_seed(0)
    preset = "eelbert_uno_en_uncased"
    scorer = EelbertTextClassifier.from_preset(preset, num_classes=1, problem_type="regression")
    return {**paths, "likeness": export_version(scorer, folder / "likeness", True, preset=preset)}
