"""Where the rows of GLUE come from: a directory of TSV files, or TensorFlow Datasets."""

import dataclasses
import hashlib
import json
from pathlib import Path

from eelbert_tf.data.examples import Examples
from eelbert_tf.data.read import TFDS_PREFIX, read_examples
from eelbert_tf.data.text_file import read_text
from eelbert_tf.errors import UserError
from eelbert_tf.glue.labels import class_ids, row_place
from eelbert_tf.glue.tasks import chosen_tasks

TFDS = "tfds"
TFDS_DATA_SET = "glue"
_ENDINGS = (".tsv.gz", ".tsv")
_INDEX_COLUMNS = ("index", "idx")


@dataclasses.dataclass(frozen=True)
class TaskData:
    """The parts of a task.

    Attributes:
        train: `Examples` with labels.
        dev: dict from a part's name ("" for most tasks) to `Examples` with labels.
        test: the same without labels, as far as it is there; `labels` hold the server's indices.
    """

    train: Examples
    dev: dict[str, Examples]
    test: dict[str, Examples] = dataclasses.field(default_factory=dict)


def read_tasks(source, names, data_dir=None):
    """Read GLUE tasks.

    Args:
        source: `"tfds"`, or a directory with `<task>/train.tsv.gz`, `dev.tsv.gz` and, if it is
            there, `test.tsv.gz` (`dev_matched` and so on for MNLI; `.tsv` too). Columns as in
            `read_examples`: `label` or `score`, one or two texts; test files have `index`.
        names: list of str, or None for all that are there.
        data_dir: where TFDS keeps its data sets.

    Returns:
        `(data, missing)`: a dict from each `GlueTask` to its `TaskData`, and the names of the
        tasks left out because files are missing.

    Raises:
        UserError: a task that is named is not there, a file is bad, or a download failed.

    Example:

    ```python
    data, missing = read_tasks("glue", ["sst2"])
    ```
    """
    tasks, missing, data = chosen_tasks(names), [], {}
    if source == TFDS:
        return {task: _from_tfds(task, data_dir) for task in tasks}, []
    directory = Path(source)
    if not directory.is_dir():
        raise UserError(
            f"`--source` must be `tfds` or a directory that holds <task>/train.tsv.gz and "
            f"<task>/dev.tsv.gz. Received: {source}."
        )
    for task in tasks:
        lacking = [n for n in _needed(task) if _file(directory / task.name, n) is None]
        if not lacking:
            data[task] = _from_directory(task, directory / task.name)
        elif names is not None:
            raise UserError(
                f"Task {task.name} needs {directory / task.name}/{lacking[0]}.tsv.gz, which is "
                "missing. Put it there, or leave the task out of `--tasks`."
            )
        else:
            missing.append(task.name)
    if not data:
        raise UserError(
            f"{directory} holds no task of GLUE: no <task>/train.tsv.gz with "
            "<task>/dev.tsv.gz. Name another directory with `--source`."
        )
    return data, missing


def digest(data):
    """A digest of a task's rows, in their order.

    >>> digest(TaskData(Examples(["a"], None, ["0"], "x.tsv"), {}))
    'd04b9ffcd1f0bd08bc51db9e61b4c9a1'
    """
    total = hashlib.blake2b(digest_size=16)
    for name, parts in (("train", {"": data.train}), ("dev", data.dev), ("test", data.test)):
        for part, examples in parts.items():
            columns = [examples.texts, examples.text_pairs, examples.labels]
            total.update(json.dumps([name, part, columns]).encode())
    return total.hexdigest()


def _needed(task):
    return ["train", *(f"dev{part}" for part in task.parts)]


def _file(directory, name):
    found = [directory / f"{name}{ending}" for ending in _ENDINGS]
    return next((path for path in found if path.is_file()), None)


def _from_directory(task, directory):
    def labelled(name):
        return _labelled(task, read_examples(_file(directory, name)))

    def test(part):
        path = _file(directory, f"test{part}")
        header = read_text(path).partition("\n")[0].split("\t")
        index = next((column for column in _INDEX_COLUMNS if column in header), None)
        if index:
            return _unlabelled(task, read_examples(path, label_column=index))
        examples = read_examples(path, with_labels=False)
        numbers = [str(number) for number in range(len(examples))]
        return _unlabelled(task, dataclasses.replace(examples, labels=numbers))

    return TaskData(
        train=labelled("train"),
        dev={part: labelled(f"dev{part}") for part in task.parts},
        test={p: test(p) for p in task.parts if _file(directory, f"test{p}") is not None},
    )


def _from_tfds(task, data_dir):
    source = f"{TFDS_PREFIX}{TFDS_DATA_SET}/{task.name}"

    def read(split, label_column=None):
        try:
            return read_examples(source, split=split, label_column=label_column, data_dir=data_dir)
        except UserError as error:
            raise UserError(
                "GLUE could not be read from TFDS. Without a network, put files "
                f"{task.name}/train.tsv.gz and so on into a directory and name it: `--source DIR`. "
                f"{error}"
            ) from error

    return TaskData(
        train=_labelled(task, read("train")),
        dev={part: _labelled(task, read(f"validation{part}")) for part in task.parts},
        test={part: _unlabelled(task, read(f"test{part}", "idx")) for part in task.parts},
    )


def _labelled(task, examples):
    class_ids(task, examples)  # a bad label is told before hours of training
    return _of_kind(task, examples)


def _unlabelled(task, examples):
    for row, index in enumerate(examples.labels):
        if not index.isdecimal():
            raise UserError(
                f"{row_place(examples, row)}: an index must be a whole number. "
                f"Received: {index!r}. Mend the row."
            )
    return _of_kind(task, examples)


def _of_kind(task, examples):
    if (examples.text_pairs is not None) != task.pair:
        kinds = {True: "two columns of texts", False: "one column of texts"}
        raise UserError(
            f"{task.title} needs {kinds[task.pair]}. Received: {kinds[not task.pair]} in "
            f"{examples.source}."
        )
    return examples
