"""The rows of benchmarks/compression.py: nine tenths to train on, a tenth to choose on, a test."""

import dataclasses
import random


@dataclasses.dataclass(frozen=True)
class Set:
    """A data set: title, files, epochs of fine-tuning and of each training after it."""

    title: str
    train: str
    test: str
    base_epochs: int
    epochs: int


SETS = {
    "sst2": Set("SST-2", "glue/sst2/train.tsv.gz", "glue/sst2/dev.tsv.gz", 2, 1),
    "clinc150": Set(
        "CLINC150",
        "classification/clinc150/train.tsv.gz",
        "classification/clinc150/test.tsv.gz",
        12,
        3,
    ),
}


@dataclasses.dataclass(frozen=True)
class Data:
    """`Examples` of three kinds."""

    train: object
    held_out: object
    test: object


def read(name, directory, seed, rows=None):
    """The rows of a set.

    Args:
        name: str, one of `SETS`.
        directory: path that holds its files.
        seed: int, of what is held out.
        rows: int or None. At most so many of train, and so many of test.
    """
    from eelbert_tf.data.read import read_examples
    from eelbert_tf.data.split import stratified_holdout

    train, test = (read_examples(directory / f) for f in (SETS[name].train, SETS[name].test))
    if rows is not None:
        train, test = (_some(examples, rows, seed) for examples in (train, test))
        known = set(train.labels)
        test = test.take([place for place, label in enumerate(test.labels) if label in known])
    train, held_out = stratified_holdout(train, seed=seed)
    return Data(train, held_out, test)


def _some(examples, rows, seed):
    places = range(len(examples))
    return examples.take(random.Random(seed).sample(places, min(rows, len(examples))))
