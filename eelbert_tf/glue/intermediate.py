"""What an encoder learns before a task: other labelled rows."""

from dataclasses import dataclass

from eelbert_tf.data.read import read_examples
from eelbert_tf.data.split import label_names
from eelbert_tf.errors import UserError
from eelbert_tf.glue.source import TaskData
from eelbert_tf.glue.tasks import ACCURACY, PEARSON, SPEARMAN, TASKS, GlueTask


@dataclass(frozen=True)
class Intermediate:
    """Rows to learn before a task.

    Attributes:
        task: a `GlueTask` made up for them.
        data: `TaskData` without dev.
        left_out: how many rows were left out since dev or test of the task has a text of theirs.
    """

    task: GlueTask
    data: TaskData
    left_out: int


def parse_intermediate(values):
    """`TASK=PATH:COLUMN` to a dict from tasks' names to `(path, column)`.

    Raises:
        UserError: a value has another form, or names no task or one twice.

    Example:
        >>> parse_intermediate(["rte=sick/train.tsv.gz:label"])
        {'rte': ('sick/train.tsv.gz', 'label')}
    """
    parsed = {}
    for value in values:
        name, _, rest = value.partition("=")
        path, _, column = rest.rpartition(":")
        if name not in TASKS or name in parsed or not path or not column:
            raise UserError(
                "`--intermediate` must be TASK=FILE:COLUMN, once for a task, such as "
                f"rte=sick/train.tsv.gz:label. Received: {value}."
            )
        parsed[name] = (path, column)
    return parsed


def read_intermediate(path, column, task, data):
    """Read rows to learn before a task; those that share a text with its dev or test are left out.

    Args:
        path: str, a file that `read_examples` takes.
        column: str, that of the labels or scores.
        task: `GlueTask`.
        data: its `TaskData`.

    Returns:
        `Intermediate`.

    Raises:
        UserError: the file is bad, or its texts are pairs where the task's are not.
    """
    examples = read_examples(path, label_column=column)
    if (examples.text_pairs is not None) != task.pair:
        kinds = {True: "pairs of texts", False: "single texts"}
        raise UserError(
            f"What comes before {task.title} must hold {kinds[task.pair]}. Received: "
            f"{kinds[not task.pair]} in {path}."
        )
    scored = {text for part in (*data.dev.values(), *data.test.values()) for text in _texts(part)}
    rows = [
        row
        for row, texts in enumerate(zip(examples.texts, examples.text_pairs or examples.texts))
        if scored.isdisjoint(map(_plain, texts))
    ]
    kept = examples.take(rows)
    if not len(kept):
        raise UserError(f"Each row of {path} has a text of {task.title}'s dev or test part.")
    scores = isinstance(kept.labels[0], float)
    made_up = GlueTask(
        name=f"{task.name}/intermediate",
        title=f"before {task.title}",
        pair=task.pair,
        labels=() if scores else tuple(label_names(kept.labels)),
        metrics=(PEARSON, SPEARMAN) if scores else (ACCURACY,),
    )
    return Intermediate(made_up, TaskData(kept, {}), len(examples) - len(kept))


def _texts(examples):
    return map(_plain, [*examples.texts, *(examples.text_pairs or [])])


def _plain(text):
    """A text without what does not make another one of it."""
    return "".join(character for character in text.lower() if character.isalnum())
