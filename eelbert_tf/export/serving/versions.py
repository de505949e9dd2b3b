"""Versions of a model, in the directory that a server watches. Imports no TensorFlow at first."""

import importlib.util
import pathlib

from eelbert_tf.errors import UserError


def version_path(directory, version=None):
    """Where a version goes.

    A server takes the directories in `directory` whose names are numbers, and of these by default
    the highest.

    Args:
        directory: str or path, the model's base path.
        version: int or None. One above the highest unless given.

    Returns:
        A path, `directory/<version>`.

    Raises:
        UserError: the version is no positive number, or `directory` is a SavedModel itself.

    Example:

    >>> version_path("models/mood")
    PosixPath('models/mood/1')
    """
    directory = pathlib.Path(directory)
    if version is not None and version < 1:
        raise UserError(f"`version` must be at least 1. Received: version={version}.")
    if (directory / "saved_model.pb").exists():
        raise UserError(
            f"{directory} must be a directory of versions. It is a SavedModel itself: name another."
        )
    if version is None:
        children = directory.iterdir() if directory.is_dir() else ()
        version = 1 + max((int(c.name) for c in children if c.name.isdecimal()), default=0)
    return directory / str(version)


def check_serving_api():
    """Raise `UserError` where tensorflow-serving-api is missing, which has a server's messages."""
    if importlib.util.find_spec("tensorflow_serving") is None:
        raise UserError(
            "Warm-up requests need tensorflow-serving-api. "
            "Install it by `pip install 'eelbert_tf[serving]'`."
        )


def export_version(
    task, directory, pair=False, version=None, overwrite=False, preset=None, texts=None
):
    """Write the next version of a model for TF Serving, with warm-up requests.

    The version directory appears whole or not at all, so a server may watch meanwhile.

    Args:
        task, pair, preset: as in `export_saved_model`, which says what a version holds.
        directory: str or path, the model's base path; its last part is the model's name.
        version: int or None. One above the highest unless given.
        overwrite: bool. Whether a version that exists may be replaced. For an instant there is none
            then, and a server that has it loaded keeps the old one: rather write a new version.
        texts: a list of texts for each input, of which warm-up requests are made; the bundled
            utterances unless given.

    Returns:
        The path of the version.

    Raises:
        UserError: the version exists or cannot be written, the task cannot be exported, or
            tensorflow-serving-api is missing.

    Example:

    ```python
    export_version(classifier, "models/mood")  # models/mood/1
    export_version(classifier, "models/mood")  # models/mood/2
    ```
    """
    from eelbert_tf.export.outputs import check_exportable
    from eelbert_tf.export.saved_model import write_saved_model
    from eelbert_tf.export.serving.warm_up import write_warm_up
    from eelbert_tf.files import replaced

    check_exportable(task)
    check_serving_api()
    path = version_path(directory, version)
    if texts is None:
        utterances = _utterances()
        texts = [utterances, utterances[::-1]] if pair else [utterances]
    with replaced(path, overwrite) as temporary:
        functions = write_saved_model(task, temporary, pair, preset)
        name = path.parent.absolute().name
        write_warm_up(temporary, name, functions, texts, task.preprocessor.max_words)
    return path


def _utterances():
    from eelbert_tf.data.assistant import assistant_path
    from eelbert_tf.data.read import read_examples

    return read_examples(assistant_path("train")).texts
