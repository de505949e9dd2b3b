"""Shards: a corpus as numbers of words, cut into sequences, and the manifest that vouches for it.

A directory holds `manifest.json`, `words.txt` (the distinct words, the most frequent first, as
`word<TAB>count`), and `shard-00000.npz`, ... with `words` (uint32, the number of each running word)
and `ends` (uint32, the place behind the last word of each sequence).
"""

import hashlib
import json
import pathlib

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.hashing.specification import HASH_VERSION

MANIFEST_FILE = "manifest.json"
WORDS_FILE = "words.txt"
FORMAT_VERSION = 1


class Shards:
    """Reads a directory that `prepare` wrote.

    Args:
        directory: str or path.

    Attributes:
        manifest: dict. Sources, counts, checksums, versions.

    Raises:
        UserError: there is no manifest, or it is of another format or hash version.
    """

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.manifest = _read_manifest(self.directory)
        self._checked = set()

    def __len__(self):
        return len(self.manifest["shards"])

    @property
    def max_words(self):
        """Words of the longest sequence."""
        return self.manifest["max_words"]

    @property
    def word_count(self):
        """Running words of all shards."""
        return sum(shard["words"] for shard in self.manifest["shards"])

    def words(self):
        """`(words, counts)`: list of str and int64 array, the most frequent word first."""
        content = self._checked_bytes(self.manifest["words_file"]).decode("utf-8")
        rows = [line.split("\t") for line in content.split("\n") if line]
        return [row[0] for row in rows], np.array([int(row[1]) for row in rows], "int64")

    def load(self, index):
        """One shard: `(words, ends)`, uint32 arrays.

        Raises:
            UserError: the file is missing, cut short or altered.
        """
        entry = self.manifest["shards"][index]
        path = self.directory / entry["name"]
        if index not in self._checked:
            self._checked_bytes(entry)
            self._checked.add(index)
        with np.load(path) as arrays:
            return arrays["words"], arrays["ends"]

    def _checked_bytes(self, entry):
        path = self.directory / entry["name"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}. Prepare again.") from error
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise UserError(
                f"{path} was cut short or altered: its checksum is not that of the manifest. "
                "Delete the directory and prepare the corpus again."
            )
        return content


def _read_manifest(directory):
    path = directory / MANIFEST_FILE
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        versions = manifest["format_version"], manifest["hash_version"]
    except OSError as error:
        raise UserError(
            f"{directory} holds no prepared corpus: {MANIFEST_FILE} cannot be read "
            f"({error.strerror}). Preparation was not finished, or the path is wrong."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is damaged: {error}. Prepare the corpus again.") from error
    if versions != (FORMAT_VERSION, HASH_VERSION):
        raise UserError(
            f"Shards must be of format {FORMAT_VERSION} and hash version {HASH_VERSION}. "
            f"Received: format {versions[0]} and hash version {versions[1]} in {path}. Prepare "
            "the corpus again with this release."
        )
    return manifest


def write_file(directory, name, content, **facts):
    """Write bytes and return the manifest's entry for them."""
    (directory / name).write_bytes(content)
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest(), **facts}
