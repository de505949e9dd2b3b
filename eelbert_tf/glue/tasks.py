"""The nine tasks of GLUE: their parts, labels, metrics and the files that the server takes."""

from dataclasses import dataclass

from eelbert_tf.errors import UserError

ACCURACY, F1, MATTHEWS = "accuracy", "f1", "matthews"
PEARSON, SPEARMAN = "pearson", "spearman"


@dataclass(frozen=True)
class GlueTask:
    """A task.

    Attributes:
        name: as in TFDS.
        title: as papers write it.
        pair: whether it takes two texts.
        labels: the classes as prediction files write them, in the order of the outputs; empty for
            scores.
        metrics: the official ones.
        names: other names of the labels, in their order, as TFDS has them.
        parts: the names of its dev parts, which follow `dev`, `test` and the file's name.
    """

    name: str
    title: str
    pair: bool
    labels: tuple[str, ...]
    metrics: tuple[str, ...]
    names: tuple[str, ...] = ()
    parts: tuple[str, ...] = ("",)

    @property
    def regression(self):
        """Whether its labels are scores."""
        return not self.labels

    def file_name(self, part):
        """The name of a part's prediction file."""
        return f"{self.title}{_FILE_ENDINGS[part]}.tsv"


_FILE_ENDINGS = {"": "", "_matched": "-m", "_mismatched": "-mm"}
_YES_NO = ("0", "1")
_ENTAILMENT = ("entailment", "not_entailment")
_THREE = ("entailment", "neutral", "contradiction")
_MNLI_PARTS = ("_matched", "_mismatched")

TASKS = {
    task.name: task
    for task in (
        GlueTask("cola", "CoLA", False, _YES_NO, (MATTHEWS,), ("unacceptable", "acceptable")),
        GlueTask("sst2", "SST-2", False, _YES_NO, (ACCURACY,), ("negative", "positive")),
        GlueTask("mrpc", "MRPC", True, _YES_NO, (F1, ACCURACY), ("not_equivalent", "equivalent")),
        GlueTask("stsb", "STS-B", True, (), (PEARSON, SPEARMAN)),
        GlueTask("qqp", "QQP", True, _YES_NO, (F1, ACCURACY), ("not_duplicate", "duplicate")),
        GlueTask("mnli", "MNLI", True, _THREE, (ACCURACY,), parts=_MNLI_PARTS),
        GlueTask("qnli", "QNLI", True, _ENTAILMENT, (ACCURACY,)),
        GlueTask("rte", "RTE", True, _ENTAILMENT, (ACCURACY,)),
        GlueTask("wnli", "WNLI", True, _YES_NO, (ACCURACY,), ("not_entailment", "entailment")),
    )
}


def chosen_tasks(names):
    """Tasks by name, in the order of GLUE.

    Args:
        names: list of str, or None for all.

    Raises:
        UserError: there is no such task.

    Example:
        >>> [task.title for task in chosen_tasks(["sst2", "cola"])]
        ['CoLA', 'SST-2']
    """
    if names is None:
        return list(TASKS.values())
    unknown = [name for name in names if name not in TASKS]
    if unknown or not names:
        raise UserError(
            f"Tasks must be among {', '.join(TASKS)}. Received: {', '.join(unknown) or 'none'}."
        )
    return [task for name, task in TASKS.items() if name in names]
