"""Whatever a `.tflite` is given, it answers, and as docs/hash.md says."""

import numpy as np
import pytest

from eelbert_tf.export.archive import read_settings
from eelbert_tf.export.litert import export_litert
from eelbert_tf.hashing.specification import REPLACEMENT
from eelbert_tf.runtimes.litert_runtime import interpreter
from tests.hashing import engines
from tests.hashing.golden import CONFIGS, assert_same_bits
from tests.hashing.random_texts import CHARACTERS, random_texts

COUNT = 25_000  # of each of four kinds
STRINGS = 10_000
WINDOW = 16
NO_CHARACTERS = [-(2**31), -(2**30), -1, 0xD800, 0xDBFF, 0xDFFF, 0x110000, 2**24, 2**31 - 1]
EDGES = [0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x100, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]


@pytest.fixture(scope="module")
def run(classifier, tmp_path_factory):
    """A function from rows of code points, whatever they are, to answers."""
    path = tmp_path_factory.mktemp("fuzz") / "model.tflite"
    export_litert(classifier, path, max_words=2)
    assert read_settings(path)["max_characters"] == WINDOW
    model = interpreter(path)
    [code_points], [probabilities] = model.get_input_details(), model.get_output_details()

    def answers(rows):
        result = np.empty((len(rows), 2), "float32")
        for answer, row in zip(result, rows):
            model.set_tensor(code_points["index"], row[None])
            model.invoke()
            answer[:] = model.get_tensor(probabilities["index"])
        return result

    return answers


def whole_range(random):
    return random.integers(-(2**31), 2**31, (COUNT, WINDOW), dtype="int32")


def edges(random):
    return random.choice([*NO_CHARACTERS, *EDGES, *map(ord, CHARACTERS)], (COUNT, WINDOW))


def any_unicode(random):
    limit = random.choice([0x80, 0x600, 0x3000, 0x10000, 0x110000], (COUNT, WINDOW))
    return random.integers(0, limit)


def padded_texts(random):
    ends = random.integers(0, WINDOW + 1, (COUNT, 1))
    return np.where(np.arange(WINDOW) < ends, any_unicode(random), 0)


@pytest.mark.parametrize("kind", [whole_range, edges, any_unicode, padded_texts])
def test_any_input_has_an_answer(run, kind):
    rows = kind(np.random.default_rng(0)).astype("int32")
    answers = run(rows)
    assert np.isfinite(answers).all()
    assert (answers >= 0).all()
    np.testing.assert_allclose(answers.sum(axis=1), 1.0, atol=1e-5)
    assert len(np.unique(answers, axis=0)) > 1


def test_what_is_no_character_is_a_replacement_character(run):
    rows = edges(np.random.default_rng(1))[:2000].astype("int32")
    surrogate = (rows >= 0xD800) & (rows < 0xE000)
    replaced = np.where((rows < 0) | (rows > 0x10FFFF) | surrogate, REPLACEMENT, rows)
    assert (rows != replaced).any(axis=1).mean() > 0.5
    np.testing.assert_array_equal(run(rows), run(replaced.astype("int32")))


def test_hash_of_random_strings():
    texts = random_texts(STRINGS, seed=2, longest=24)
    expected = engines.plain_python(CONFIGS["small"], WINDOW)(texts)
    assert_same_bits(engines.litert(CONFIGS["small"], WINDOW)(texts), expected, texts)
