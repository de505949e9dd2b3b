"""Requests to a phone assistant in 16 classes, written for this package (Apache-2.0)."""

from importlib.resources import files
from pathlib import Path

from eelbert_tf.errors import UserError

SPLITS = ("train", "test")


def assistant_path(split: str) -> Path:
    r"""Gives the path of the TSV file (`label\ttext`) of a split.

    Args:
        split: `train` or `test`.

    Raises:
        UserError: for any other split.

    Example:
        >>> assistant_path("test").name
        'test.tsv'
    """
    if split not in SPLITS:
        raise UserError(f"`split` must be `train` or `test`. Received: split={split!r}.")
    return Path(str(files(__name__) / f"{split}.tsv"))
