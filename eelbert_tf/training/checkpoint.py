"""Everything that training needs to go on, in one file that is whole or not there."""

import json
import pathlib
import zipfile

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.files import replaced

CHECKPOINT_FILE = "checkpoint.npz"


def save_checkpoint(directory, model, step, facts):
    """Write weights, optimizer state, step and the facts that must not change."""
    arrays = {f"{index:04d}": variable.numpy() for index, variable in enumerate(_variables(model))}
    record = json.dumps({"step": step, **facts})
    with (
        replaced(pathlib.Path(directory) / CHECKPOINT_FILE, overwrite=True) as path,
        open(path, "wb") as file,
    ):
        np.savez(file, record=np.frombuffer(record.encode(), "uint8"), **arrays)


def load_checkpoint(directory, model, facts):
    """Take up a checkpoint, if there is one.

    Returns:
        The step to go on with; 0 where there is no checkpoint.

    Raises:
        UserError: the checkpoint is damaged, or of another run.
    """
    path = pathlib.Path(directory) / CHECKPOINT_FILE
    if not path.exists():
        return 0
    try:
        with open(path, "rb") as file, np.load(file) as arrays:
            record = json.loads(arrays["record"].tobytes())
            values = [arrays[name] for name in sorted(set(arrays.files) - {"record"})]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UserError(
            f"{path} is damaged: {error}. Delete it to begin anew, or name another directory."
        ) from error
    step = record.pop("step")
    changed = sorted(key for key in {*record, *facts} if record.get(key) != facts.get(key))
    if changed:
        received = ", ".join(f"{key}={facts.get(key)} (was {record.get(key)})" for key in changed)
        raise UserError(
            f"A run goes on with the settings that it began with. Received: {received}. Use the "
            f"old ones, or name another directory than {directory}."
        )
    for variable, value in zip(_variables(model), values, strict=True):
        variable.assign(value)
    return step


def _variables(model):
    return [*model.variables, *model.optimizer.variables]
