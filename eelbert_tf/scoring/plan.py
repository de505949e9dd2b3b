"""What a run scores and how: the settings all workers share, and the paths of what they write."""

import dataclasses
import hashlib
import json
import pathlib
import re
from typing import NamedTuple

from eelbert_tf.errors import UserError
from eelbert_tf.scoring import storage

FORMAT_VERSION = 1


class Shard(NamedTuple):
    """One input file: its place among all, its path, and by what a change of it is seen."""

    number: int
    path: str
    size: int
    modified: int


@dataclasses.dataclass(frozen=True)
class Plan:
    """Settings of a run.

    Args:
        model: str. The model directory, or the name of a shipped model.
        pair: bool. Whether the model takes pairs.
        output: str. What all output paths begin with.
        input_format: str or None. Of all inputs; by their endings unless given.
        output_format: str.
        columns: tuple of names: the text, the second text or None, the id or None.
        all_probabilities: bool. Whether rows hold the probabilities of all labels.
        shard_count: int.
        chunk_rows: int. Rows that are read, scored and written together.
    """

    model: str
    pair: bool
    output: str
    input_format: str | None
    output_format: str
    columns: tuple
    all_probabilities: bool
    shard_count: int
    chunk_rows: int

    def output_path(self, number):
        """Where the scored rows of a shard go."""
        return f"{self.output}-{self._place(number)}.{self.output_format}"

    def dead_letter_path(self, number):
        """Where the bad rows of a shard go."""
        return f"{self.output}.dead_letter-{self._place(number)}.jsonl"

    def manifest_path(self, number):
        """What is written last of a shard."""
        return f"{self.output}.manifest-{self._place(number)}.json"

    @property
    def parts(self):
        """The directory of the parts of shards that are not whole yet."""
        return f"{self.output}.parts"

    def part_path(self, shard, chunk):
        """Where a scored chunk goes until all of its shard are there."""
        directory = f"{shard.number:05d}-{shard.size}-{shard.modified}"
        return f"{self.parts}/{directory}/{part_name(chunk)}"

    def _place(self, number):
        return f"{number:05d}-of-{self.shard_count:05d}"


def part_name(chunk):
    """The name of a chunk's part, which tells its rows and bad rows."""
    return f"{chunk.index:06d}-{len(chunk.texts)}-{len(chunk.bad)}"


def rows_of_part(path):
    """The rows of a part by its name, scored and bad; None of a file that is not whole."""
    match = re.fullmatch(r"\d+-(\d+)-(\d+)", pathlib.PurePosixPath(path).name)
    return match and (int(match[1]), int(match[2]))


def is_whole(plan, shard):
    """Whether a shard was scored, as it is now."""
    manifest = read_manifest(plan, shard.number)
    return (
        manifest is not None
        and (manifest["size"], manifest["modified"]) == (shard.size, shard.modified)
        and [file.size_in_bytes for file in storage.matching(plan.output_path(shard.number))]
        == [manifest["output_bytes"]]
    )


def read_manifest(plan, number):
    """The manifest of a shard, None where there is none."""
    path = plan.manifest_path(number)
    return json.loads(storage.read_bytes(path)) if storage.matching(path) else None


def begin(plan, shards, model_files):
    """Make sure that what is at the output is of this run, begun before, or nothing.

    Raises:
        UserError: it is of another run, or of something else.
    """
    run = {
        **dataclasses.asdict(plan),
        "columns": list(plan.columns),
        "model": _digest(model_files),  # wherever it is
        "inputs": [shard.path for shard in shards],
        "format_version": FORMAT_VERSION,
    }
    path = f"{plan.output}.run.json"
    if storage.matching(path):
        earlier = json.loads(storage.read_bytes(path))
        changed = [name for name, value in run.items() if earlier.get(name) != value]
        if changed:
            raise UserError(
                f"{plan.output} holds the scores of another run: it differs in "
                f"{', '.join(changed)}. Name another output, or delete {plan.output}*."
            )
        return
    existing = storage.matching(f"{plan.output}-*") + storage.matching(f"{plan.output}.*")
    if existing:
        raise UserError(
            f"{existing[0].path} exists already, and is of no run that can go on. Name another "
            "output, or delete it."
        )
    storage.write_bytes(path, (json.dumps(run, indent=1) + "\n").encode("utf-8"))


def _digest(directory):
    digest = hashlib.sha256()
    for file in sorted(pathlib.Path(directory).rglob("*")):
        if file.is_file():
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
