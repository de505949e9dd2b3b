"""Finished runs, one JSON file each, so that a second start goes on where the first ended."""

import json
import os
import pathlib

import numpy as np

from eelbert_tf.errors import UserError

_WEIGHTS = ".weights.npy"


class RunStore:
    """The files of finished runs in a directory.

    Each file says what it was made with. One that was made with something else is never taken.

    Args:
        directory: str or path.
        overwrite: bool. Whether runs made otherwise are made again; else they are refused.

    Example:

    ```python
    store = RunStore("results/runs")
    store.put("sst2/seed-0", {"epochs": 4}, {"accuracy": 0.8})
    store.get("sst2/seed-0", {"epochs": 4})  # {"accuracy": 0.8}
    ```
    """

    def __init__(self, directory, overwrite=False):
        self._directory = pathlib.Path(directory)
        self._overwrite = overwrite

    def get(self, name, made_with, weights=False):
        """The result of a run, or None where it is still to be made.

        Args:
            name: str, with `/` between folders.
            made_with: dict, all that the result follows from.
            weights: bool. Whether its weights must be there.

        Raises:
            UserError: the file was made with something else, or is damaged.
        """
        file = self._directory / f"{name}.json"
        if not file.exists() or (weights and not self._weights_file(name).exists()):
            return None
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
            found, result = record["made_with"], record["result"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(f"{file} is damaged ({error}). Remove it to make it again.") from error
        wanted = json.loads(json.dumps(made_with))
        if found == wanted:
            return result
        if self._overwrite:
            return None
        changes = [
            f"{name}: {_short(found.get(name))}, now {_short(wanted.get(name))}"
            for name in sorted({*found, *wanted})
            if found.get(name) != wanted.get(name)
        ]
        raise UserError(
            f"{file} was made with other settings ({'; '.join(changes)}). Name another directory "
            "with `--out`, or make such runs again with `--overwrite`."
        )

    def put(self, name, made_with, result, weights=None):
        """Write a result, whole or not at all, and its weights before it."""
        file = self._directory / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        if weights is not None:
            written = self._weights_file(name).with_suffix(".tmp")
            with open(written, "wb") as opened:
                np.save(opened, weights)
            os.replace(written, self._weights_file(name))
        write_json(file, {"made_with": made_with, "result": result})

    def weights(self, name):
        """The weights of a run, as `put` took them."""
        return np.load(self._weights_file(name))

    def _weights_file(self, name):
        return self._directory / f"{name}{_WEIGHTS}"


def write_json(path, value):
    """Write a JSON file, whole or not at all."""
    temporary = path.with_name(f".{path.name}.tmp")
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    temporary.write_text(text + "\n", encoding="utf-8")
    os.replace(temporary, path)


def _short(value):
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
