"""The text side of examples/android, in plain Java, gives the model what Python gives it."""

import json
import pathlib
import re
import subprocess

import numpy as np
import pytest

from eelbert_tf.hashing.code_points import to_code_points
from tests.hashing.golden import GOLDEN
from tests.source_tree import ROOT

HELPER = ROOT / "examples/android/app/src/main/java/io/github/eelbert/EelbertText.java"
CHECK = pathlib.Path(__file__).with_name("EelbertTextCheck.java")
TEXTS = [case["text"] for case in (*GOLDEN["words"], *GOLDEN["texts"])]
# Java reads a surrogate's three bytes as one U+FFFD, the standard as three.
ENCODED_SURROGATE = re.compile(rb"\xed[\xa0-\xbf]")
MALFORMED = [
    data
    for data in (bytes.fromhex(case["bytes"]) for case in GOLDEN["malformed"])
    if not ENCODED_SURROGATE.search(data)
]
HALVES = ["\ud800", "a\udc00b", "\ud83d", "\udc00\ud800", "x\ud83dx\ude4f", "🙏\ud83d"]
WINDOWS = (1, 12, 128)


@pytest.fixture(scope="module")
def java(tmp_path_factory):
    """A function from lines for EelbertTextCheck to what it answers."""
    classes = tmp_path_factory.mktemp("classes")
    options = ["-Xlint:all", "-Werror", "--release", "17", "-d", classes]
    subprocess.run(["javac", *options, HELPER, CHECK], check=True)

    def run(lines):
        done = subprocess.run(
            ["java", "-cp", classes, "EelbertTextCheck"],
            input="\n".join(lines),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        answers = done.stdout.splitlines()
        assert len(answers) == len(lines)
        return answers

    return run


def line(kind, number, values):
    return " ".join([kind, str(number), *(f"{value:x}" for value in values)])


def utf16(text):
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2").tolist()


def test_code_points_are_those_of_python(java):
    cases = [(text, window) for text in (*TEXTS, *HALVES) for window in WINDOWS]
    answers = java([line("units", window, utf16(text)) for text, window in cases])
    for (text, window), answer in zip(cases, answers):
        assert json.loads(answer) == to_code_points([text], window)[0].tolist(), ascii(text)


def test_malformed_bytes_are_read_as_by_python(java):
    assert len(MALFORMED) > len(GOLDEN["malformed"]) // 2
    answers = java([line("bytes", 24, data) for data in MALFORMED])
    for data, answer in zip(MALFORMED, answers):
        assert json.loads(answer) == to_code_points([data], 24)[0].tolist(), data


def test_labels_and_the_likeliest(java):
    answers = java(
        [
            line("labels", 0, utf16("negative\npositive\n")),
            line("labels", 0, utf16("größer als\n東京\r\nlast")),
            line("top", 2, [1, 200, 55]),
            line("top", 3, [9, 9, 8]),
            line("top", 5, [3, 4]),
            line("top", 0, [3, 4]),
        ]
    )
    labels = ["[negative, positive]", "[größer als, 東京, last]"]
    assert answers == [*labels, "[1, 2]", "[0, 1, 2]", "[1, 0]", "[]"]


def test_the_helper_has_at_most_forty_lines():
    assert len(HELPER.read_text().splitlines()) <= 40
