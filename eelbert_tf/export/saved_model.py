"""To a SavedModel that takes raw text: for TF Serving and everything that loads one."""

import pathlib
import tempfile

import tensorflow as tf

from eelbert_tf.export.os_errors import os_errors
from eelbert_tf.export.outputs import check_exportable, label_names
from eelbert_tf.export.serving.signatures import METHOD_NAMES, ServedModel
from eelbert_tf.files import replaced


def export_saved_model(task, path, pair=False, overwrite=False, preset=None):
    """Write a SavedModel from strings to answers.

    Its signatures:

    - `serving_default` takes `text`, string `(batch,)`, for pair models also `text_pair`, and
      returns for a classifier `label` (string `(batch,)`; not where a text can have several),
      `probabilities` (float32 `(batch, classes)`) and `classes` (string `(batch, classes)`, the
      names of the columns), for a regression `score` (float32 `(batch,)`), for an embedder
      `embedding` (float32 `(batch, dim)`).
    - `classify` takes `inputs`, string `(batch,)`, serialized `tf.Example` of a feature `text` (for
      pair models also `text_pair`), and returns `classes` and `scores`; of a regression, `regress`
      returns `outputs` instead. These carry the method names of TF Serving's Classify and Regress.
    - `embed`, of an embedder, is `serving_default` by its name.
    - `describe` takes `text`, whatever it says, and returns `description`, string `(batch,)`: JSON
      of the hash and its version, the window, the labels and the preset.

    `assets/labels.txt` holds the labels. There are operations of core TensorFlow only, unless the
    preprocessor has a WordPiece tokenizer: then a server also needs those of tensorflow-text.

    Args:
        task: `EelbertTextClassifier` or `EelbertTextEmbedder`, with its preprocessor.
        path: where the directory goes.
        pair: bool. Whether it takes pairs of texts.
        overwrite: bool. Whether something at `path` may be replaced.
        preset: str or None. What the task was trained from, for `describe`.

    Raises:
        UserError: the path exists or cannot be written, or the task cannot be exported.

    Example:

    ```python
    export_saved_model(classifier, "saved_model")
    served = tf.saved_model.load("saved_model").signatures["serving_default"]
    served(text=tf.constant(["a great film"]))["label"]
    ```
    """
    check_exportable(task)
    with replaced(path, overwrite) as temporary:
        write_saved_model(task, temporary, pair, preset)


def write_saved_model(task, path, pair, preset):
    """Write a SavedModel where nothing is yet; returns the function of each signature.

    Raises:
        OSError: it cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        labels = label_names(task)
        labels_file = labels and pathlib.Path(folder, "labels.txt")
        if labels:
            labels_file.write_text("\n".join(labels) + "\n", encoding="utf-8")
        module = ServedModel(task, pair, preset, labels_file)
        with os_errors():
            tf.saved_model.save(module, str(path), signatures=module.functions)
            _name_methods(path, METHOD_NAMES.keys() & module.functions.keys())
    return module.functions


def _name_methods(path, signatures):
    updater = tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater(str(path))
    for name in signatures:
        updater.replace_method_name(name, METHOD_NAMES[name])
    updater.save()
