"""`tests/golden/hash_v1.json` as the cases that every engine must give."""

import json
import pathlib

import numpy as np

from eelbert_tf.hashing.specification import HashConfig

FILE = pathlib.Path(__file__).parents[1] / "golden" / "hash_v1.json"
GOLDEN = json.loads(FILE.read_text(encoding="utf-8"))
CONFIGS = {
    settings["name"]: HashConfig(
        **{key: settings[key] for key in ("dim", "orders", "kind", "seed")}
    )
    for settings in GOLDEN["settings"]
}
WORD_WINDOW = GOLDEN["words_max_characters"]
TEXT_WINDOWS = sorted({case["max_characters"] for case in GOLDEN["texts"]})


def word_cases(name):
    """Texts of one word each, and their vectors by the settings of this name, as far as shown."""
    texts = [case["text"] for case in GOLDEN["words"]]
    return texts, np.array([case[name] for case in GOLDEN["words"]], "float32")


def text_cases(max_characters):
    """Texts read with this window, and the vectors of their words by the settings `small`."""
    cases = [case for case in GOLDEN["texts"] if case["max_characters"] == max_characters]
    dim = CONFIGS["small"].dim
    vectors = [np.array(case["small"], "float32").reshape(-1, dim) for case in cases]
    return [case["text"] for case in cases], vectors


def check_engine(engine_of):
    """Every golden word and text, on an engine.

    Args:
        engine_of: function of a `HashConfig` and a window to an engine: a function from a list of
            texts to a list of float32 arrays `(words, dim)`.
    """
    for name, config in CONFIGS.items():
        texts, expected = word_cases(name)
        vectors = engine_of(config, WORD_WINDOW)(texts)
        assert [len(rows) for rows in vectors] == [1] * len(texts)
        shown = np.concatenate(vectors)[:, : expected.shape[1]]
        assert_same_bits([shown], [expected], [name])
    for window in TEXT_WINDOWS:
        texts, expected = text_cases(window)
        assert_same_bits(engine_of(CONFIGS["small"], window)(texts), expected, texts)


def assert_same_bits(received, expected, texts):
    """Arrays of equal shapes and equal bits; the text of the first that differs is shown."""
    assert len(received) == len(expected) == len(texts)
    for vectors, wanted, text in zip(received, expected, texts, strict=True):
        assert vectors.dtype == wanted.dtype == np.float32
        assert vectors.shape == wanted.shape, text
        assert vectors.tobytes() == wanted.tobytes(), text
