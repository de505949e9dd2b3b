"""TensorFlow datasets as tables."""

import os
from collections.abc import Callable, Iterator, Sequence
from textwrap import shorten

from eelbert_tf.data.table import Row, Table
from eelbert_tf.errors import UserError

BATCH_SIZE = 1024


def read_tfds(name: str, split: str = "train", data_dir: str | os.PathLike | None = None) -> Table:
    """Opens a split of a TensorFlow dataset, downloading and preparing it where needed.

    Class numbers become the names the dataset gives them. `eelbert_assistant` comes with this
    package and needs no download.

    Args:
        name: `NAME` or `NAME/CONFIG`.
        split: `train`, `validation`, `test` or what else the dataset has; `train[:10%]` too.
        data_dir: where datasets are kept; None for where TFDS keeps them.

    Raises:
        UserError: when TFDS is not installed or cannot load the dataset; from `select`, when
            a column is a list or the split's class labels are hidden (-1).

    Example:
        >>> read_tfds("glue/stsb", "validation").columns
        ['idx', 'label', 'sentence1', 'sentence2']
    """
    try:
        import tensorflow_datasets

        import eelbert_tf.data.assistant.builder  # noqa: F401 (registers `eelbert_assistant`)
    except ImportError as error:
        raise UserError(
            f"`tfds:{name}` needs TensorFlow Datasets. Install it: "
            f"pip install tensorflow-datasets importlib_resources ({error})"
        ) from None
    try:
        dataset, info = tensorflow_datasets.load(
            name, split=split, data_dir=data_dir, with_info=True
        )
    # TFDS raises whatever its many downloads, parsers and file systems raise.
    except Exception as error:
        raise UserError(
            f"`tfds:{name}`, split `{split}`, cannot be loaded. Check the name and the split, or "
            "give the path of a local .tsv, .csv, .jsonl or .parquet file instead. "
            f"The reason: {_one_line(error)}"
        ) from error

    def select(names: Sequence[str]) -> Iterator[Row]:
        for column in names:
            if info.features[column].shape != ():
                raise UserError(f"Column `{column}` of `tfds:{name}` does not hold single values.")
        convert = [_converter(info.features[column], name, split) for column in names]
        batches = dataset.map(lambda row: {column: row[column] for column in names})
        number = 0
        for batch in batches.batch(BATCH_SIZE).as_numpy_iterator():
            for values in zip(*(batch[column].tolist() for column in names), strict=True):
                number += 1
                yield Row(number, [to(value) for to, value in zip(convert, values, strict=True)])

    return Table(list(info.features), select)


def _converter(feature, name: str, split: str) -> Callable:
    """Gives the function from a feature's numpy value to text, class name or number."""
    from tensorflow_datasets.core.features import ClassLabel

    if not isinstance(feature, ClassLabel):
        return lambda value: value

    def class_name(number: int) -> str:
        if number < 0:
            raise UserError(
                f"The labels of `tfds:{name}`, split `{split}`, are hidden (-1). Use another "
                "split, or read the texts without labels."
            )
        return feature.int2str(number)

    return class_name


def _one_line(error: Exception) -> str:
    """Gives the first line: TFDS goes on with a list of all its datasets."""
    first_line = str(error).strip().partition("\n")[0]
    return shorten(f"{type(error).__name__}: {first_line}", width=300, placeholder=" ...")
