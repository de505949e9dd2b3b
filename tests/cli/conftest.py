"""Small data files, and models that the command line trained on them, once for all tests."""

import csv
import gzip
import json
import random
from typing import NamedTuple

import pytest

from tests import toy
from tests.cli.command import eelbert

# What makes the little models learn in a second or two.
SETTINGS = ("--max-words", 12, "--epochs", 5, "--learning-rate", 0.01, "--batch-size", 4)
ODD_TEXTS = [
    "",
    " \t ",
    "\x00",
    "fine\x00film",
    "\u202eמלון\u202c film",
    "\u200f\u200e",
    "\ufeff",
    "fine film " * 1_000_000,
    "x" * 10_000_000,
]


class Trained(NamedTuple):
    """A directory that `eelbert train` wrote, what it was trained on, and what it said."""

    directory: str
    data: str
    result: object

    def lines_of(self, name):
        return (self.directory / name).read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cli")


@pytest.fixture(scope="session")
def class_rows():
    return list(zip(toy.LABELS, toy.TEXTS))


@pytest.fixture(scope="session")
def class_file(folder, class_rows):
    path = folder / "classes.tsv"
    lines = ["label\ttext", *("\t".join(row) for row in class_rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def pair_file(folder):
    """Whether both texts say the same, in compressed CSV."""
    chance = random.Random(0)
    path = folder / "pairs.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sentence1", "sentence2", "label"])
        for first in toy.TEXTS:
            second = chance.choice(toy.TEXTS)
            same = ("fine" in first) == ("fine" in second)
            writer.writerow([first, second, "same" if same else "other"])
    return path


@pytest.fixture(scope="session")
def score_file(folder):
    """Scores in JSON Lines, with odd texts, and three rows that cannot be read."""
    texts = [*toy.TEXTS, *ODD_TEXTS]
    rows = [{"score": float("fine" in text), "sentence": text} for text in texts]
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in rows]
    lines += [
        b'{"score": 1, "sentence": "not \xff UTF-8"}',
        b'{"score": 1, "sentence": "a lone \\ud800"}',
        b'{"score": "high", "sentence": "no number"}',
    ]
    path = folder / "scores.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


@pytest.fixture(scope="session")
def train(pretrained):
    """A function that trains on a file."""

    def run(data, directory, *more):
        result = eelbert(
            "train", data, "--preset", pretrained, "--out", directory, *SETTINGS, *more
        )
        return Trained(directory, data, result)

    return run


@pytest.fixture(scope="session")
def classes(train, class_file, folder):
    """Trained with a tenth held out."""
    return train(class_file, folder / "classes", "--seed", 3)


@pytest.fixture(scope="session")
def pairs(train, pair_file, folder):
    """Trained with rows to score on."""
    return train(pair_file, folder / "pairs", "--dev", pair_file)


@pytest.fixture(scope="session")
def scores(train, score_file, folder):
    """Trained on whatever texts there are, less the rows that cannot be read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return train(score_file, folder / "scores", "--skip-bad-rows")
