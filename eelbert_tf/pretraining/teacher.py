"""What a teacher says of the sequences of shards: a vector of each word and of each sequence.

A teacher is a directory of a BERT: a KerasHub preset, or Hugging Face's files (config.json,
model.safetensors, vocab.txt). It reads each sequence once; its answers are kept beside the shards,
so that any number of students can learn from them.
"""

import json
import pathlib

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.files import replaced
from eelbert_tf.models.bert_directory import load_bert
from eelbert_tf.pretraining.word_piece_table import WordPieceTable

TARGETS_FILE = "targets.json"
# Rows of the first shard that fix the projection of word vectors.
_PROJECTED_FROM = 100_000
_PIECES_OF_BATCH = 2048


class Teacher:
    """A BERT that gives vectors.

    Args:
        directory: str or path.
        words: list of str, the words of the shards.
        dtype: of its computation; bfloat16 is faster where the processor knows it.

    Raises:
        UserError: the directory holds no BERT that can be loaded.
    """

    def __init__(self, directory, words, dtype="bfloat16"):
        self.backbone, tokenizer = load_bert(directory, dtype)
        self.table = WordPieceTable(tokenizer, words)

    def vectors(self, sequences):
        """The vectors of a list of arrays of word numbers, none longer than the teacher's limit.

        Returns:
            `(tokens, sentences)`: float32 `(words of all, dim)`, the mean of the outputs of each
            word's pieces, and float32 `(len(sequences), dim)`, the mean of all outputs, of
            length 1 (as sentence encoders define it).
        """
        cut = [self.table.pieces(sequence) for sequence in sequences]
        order = np.argsort([len(pieces) for pieces, _ in cut], kind="stable")
        tokens, sentences = [None] * len(cut), [None] * len(cut)
        for rows in _batches(order, [len(pieces) + 2 for pieces, _ in cut]):
            outputs, mask = self._outputs([cut[row][0] for row in rows])
            totals = (outputs * mask[..., None]).sum(axis=1)
            for place, row in enumerate(rows):
                counts = cut[row][1]
                starts = np.cumsum(counts) - counts + 1
                stop = counts.sum() + 1
                sums = np.add.reduceat(outputs[place, :stop], starts, axis=0)
                tokens[row] = sums / counts[:, None]
                sentences[row] = totals[place] / np.linalg.norm(totals[place])
        return np.concatenate(tokens), np.stack(sentences)

    def _outputs(self, pieces):
        """The last layer's outputs of sequences of pieces, and the mask, as float32."""
        longest = -(-(max(map(len, pieces)) + 2) // 8) * 8
        ids = np.full((len(pieces), longest), self.table.pad, "int32")
        mask = np.zeros((len(pieces), longest), "int32")
        for row, sequence in enumerate(pieces):
            ids[row, : len(sequence) + 2] = [self.table.cls, *sequence, self.table.sep]
            mask[row, : len(sequence) + 2] = 1
        x = {"token_ids": ids, "padding_mask": mask, "segment_ids": np.zeros_like(ids)}
        outputs = self.backbone.predict_on_batch(x)["sequence_output"]
        return np.asarray(outputs).astype("float32"), mask.astype("float32")


def write_targets(shards, directory, out, shard_limit=None, token_dim=128, progress=None):
    """Let a teacher read shards, and keep what it says; goes on where it was stopped.

    Args:
        shards: `Shards`.
        directory: str or path of the teacher.
        out: path of the directory of the targets.
        shard_limit: int or None. Shards to read, from the first.
        token_dim: int. Principal components that are kept of word vectors, as int8.
        progress: function of the words so far and of all, or None.

    Raises:
        UserError: the teacher cannot be loaded, or `out` holds targets of other shards.
    """
    out = pathlib.Path(out)
    count = min(shard_limit or len(shards), len(shards))
    words, _ = shards.words()
    facts = {
        "teacher": pathlib.Path(directory).name,
        "words_file": shards.manifest["words_file"]["sha256"],
    }
    done = _started(out, facts)
    if all(_shard_file(out, "sentences", index).exists() for index in range(count)):
        return
    teacher = Teacher(directory, words)
    total = sum(shard["words"] for shard in shards.manifest["shards"][:count])
    read = 0
    for index in range(count):
        numbers, ends = shards.load(index)
        if not _shard_file(out, "sentences", index).exists():
            sequences = np.split(numbers, ends[:-1])
            parts = []
            for start in range(0, len(sequences), 4096):
                tokens, sentences = teacher.vectors(sequences[start : start + 4096])
                if done is None:
                    done = _fit_projection(tokens[:_PROJECTED_FROM], token_dim)
                    with replaced(out / "projection.npz") as path, open(path, "wb") as file:
                        np.savez(file, **done)
                parts.append((_project(tokens, done), sentences.astype("float16")))
                read += len(tokens)
                if progress:
                    progress(read, total)
            tokens, sentences = (np.concatenate(part) for part in zip(*parts))
            for name, array in (("tokens", tokens), ("sentences", sentences)):
                with replaced(_shard_file(out, name, index)) as path:
                    np.save(path, array)
        else:
            read += len(numbers)


class Targets:
    """Reads what `write_targets` wrote.

    Attributes:
        shards: list of int, those that the teacher has read.
        scale: float32 `(token_dim,)`: the int8 numbers times this are the projected vectors.
    """

    def __init__(self, directory, shards):
        self.directory = pathlib.Path(directory)
        self.facts = _read_facts(self.directory)
        if self.facts["words_file"] != shards.manifest["words_file"]["sha256"]:
            raise UserError(
                f"{directory} holds targets of other shards. Let the teacher read these shards."
            )
        self.shards = [
            index
            for index in range(len(shards))
            if _shard_file(self.directory, "sentences", index).exists()
        ]
        with np.load(self.directory / "projection.npz") as arrays:
            self.scale = arrays["scale"]

    def load(self, index):
        """One shard: int8 `(words, token_dim)` and float16 `(sequences, dim)`, on disk."""
        return tuple(
            np.load(_shard_file(self.directory, name, index), mmap_mode="r")
            for name in ("tokens", "sentences")
        )


def _read_facts(directory):
    path = directory / TARGETS_FILE
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{directory} holds no targets of a teacher: {error}.") from error


def _started(out, facts):
    """The projection of earlier shards, None where nothing is there yet."""
    if (out / TARGETS_FILE).exists():
        if _read_facts(out) != facts:
            raise UserError(
                f"{out} holds targets of another teacher or of other shards. Name another path."
            )
    else:
        with replaced(out / TARGETS_FILE) as path:
            path.write_text(json.dumps(facts) + "\n", encoding="utf-8")
    if not (out / "projection.npz").exists():
        return None
    with np.load(out / "projection.npz") as arrays:
        return dict(arrays)


def _shard_file(out, name, index):
    return out / f"{name}-{index:05d}.npy"


def _batches(order, lengths):
    """Rows of like length, so many that their pieces fill a batch."""
    start = 0
    while start < len(order):
        size = 1
        while start + size < len(order) and (size + 1) * lengths[order[start + size]] <= (
            _PIECES_OF_BATCH
        ):
            size += 1
        yield order[start : start + size]
        start += size


def _fit_projection(tokens, dim):
    """Principal components, each with the scale that fits four standard deviations into int8."""
    mean = tokens.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov((tokens - mean).T))
    components = np.ascontiguousarray(directions[:, ::-1][:, :dim]).astype("float32")
    scale = ((tokens - mean) @ components).std(axis=0) * (4.0 / 127.0)
    return {"mean": mean, "components": components, "scale": scale.astype("float32")}


def _project(tokens, projection):
    projected = (tokens - projection["mean"]) @ projection["components"]
    return np.clip(np.rint(projected / projection["scale"]), -127, 127).astype("int8")
