"""Little files of GLUE tasks, whose labels follow from their texts."""

import gzip
import random

from tests import toy

SEED = 5


def write_task(directory, name, **parts):
    """Write the parts of a task: lists of rows, the first of them the header."""
    folder = directory / name
    folder.mkdir(parents=True, exist_ok=True)
    for part, rows in parts.items():
        with gzip.open(folder / f"{part}.tsv.gz", "wt", encoding="utf-8") as file:
            file.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    return folder


def sst2_rows(count=48, chance=None):
    """1 where a text has the word `fine`."""
    chance = chance or random.Random(SEED)
    texts = [f"{chance.choice(toy.TEXTS)} {number}" for number in range(count)]
    return [("label", "sentence"), *((int("fine" in text), text) for text in texts)]


def rte_rows(count=48):
    """Whether both texts have the same opinion."""
    chance = random.Random(SEED)
    rows = [(chance.choice(toy.TEXTS), f"{chance.choice(toy.TEXTS)} {n}") for n in range(count)]
    names = ("entailment", "not_entailment")
    return [
        ("label", "sentence1", "sentence2"),
        *((names[("fine" in a) != ("fine" in b)], a, b) for a, b in rows),
    ]


def stsb_rows(count=48):
    """5 for the same opinion, a part of it for the same noun."""
    chance = random.Random(SEED)
    rows = [(chance.choice(toy.TEXTS), f"{chance.choice(toy.TEXTS)} {n}") for n in range(count)]
    scored = [
        (f"{4.0 * (('fine' in a) == ('fine' in b)) + (a.split()[-1] in b):.3f}", a, b)
        for a, b in rows
    ]
    return [("score", "sentence1", "sentence2"), *scored]


def mnli_rows(count=48):
    names = ("entailment", "neutral", "contradiction")
    header, *rows = rte_rows(count)
    return [header, *((names[number % 3], *row[1:]) for number, row in enumerate(rows))]


def without_labels(rows):
    """The rows of a test part: their numbers in place of labels, in another order."""
    header, *rest = rows
    numbered = [(number, *row[1:]) for number, row in enumerate(rest)]
    return [("index", *header[1:]), *reversed(numbered)]


def write_source(directory):
    """A directory of three tasks: one of single texts, one of scores, one of two dev parts."""
    write_task(
        directory, "sst2", train=sst2_rows(), dev=sst2_rows(30), test=without_labels(sst2_rows(12))
    )
    write_task(
        directory, "stsb", train=stsb_rows(), dev=stsb_rows(30), test=without_labels(stsb_rows(8))
    )
    write_task(
        directory,
        "mnli",
        train=mnli_rows(),
        dev_matched=mnli_rows(30),
        dev_mismatched=mnli_rows(24),
        test_matched=without_labels(mnli_rows(6)),
    )
    return directory
