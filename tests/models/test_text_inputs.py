"""Tests of the texts and labels that people have."""

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.models.text_inputs import split_rows, to_class_weights, to_label_ids, to_texts

TEXTS = ["a fine film", "", "café 東京"]
PAIRS = ["b", "été", ""]
SINGLE = {
    "list": TEXTS,
    "list of bytes": [text.encode() for text in TEXTS],
    "NumPy U": np.array(TEXTS),
    "NumPy S": np.array([text.encode() for text in TEXTS]),
    "NumPy objects": np.array(TEXTS, dtype=object),
    "Series": pd.Series(TEXTS),
    "Series with another index": pd.Series(TEXTS, index=[7, 3, 9]),
    "Series of objects": pd.Series(TEXTS, dtype=object),
    "tensor": tf.constant(TEXTS),
    "dict": {"text": TEXTS},
    "DataFrame": pd.DataFrame({"label": [1, 2, 3], "text": TEXTS}),
}
PAIR = {
    "tuple": (TEXTS, PAIRS),
    "list of tuples": list(zip(TEXTS, PAIRS)),
    "tuple of Series": (pd.Series(TEXTS), pd.Series(PAIRS, index=[2, 1, 0])),
    "tuple of tensors": (tf.constant(TEXTS), tf.constant(PAIRS)),
    "dict": {"text": TEXTS, "text_pair": np.array(PAIRS)},
    "DataFrame": pd.DataFrame({"text_pair": PAIRS, "text": TEXTS}),
}


@pytest.mark.parametrize("x", SINGLE.values(), ids=SINGLE)
def test_texts(x):
    texts, pairs = to_texts(x)
    assert pairs is None
    assert texts.tolist() == [text.encode() for text in TEXTS]
    assert all(type(text) is bytes for text in texts)


@pytest.mark.parametrize("x", PAIR.values(), ids=PAIR)
def test_pairs(x):
    texts, pairs = to_texts(x)
    assert texts.tolist() == [text.encode() for text in TEXTS]
    assert pairs.tolist() == [text.encode() for text in PAIRS]


def test_one_text_and_one_pair():
    assert to_texts("hello")[0].tolist() == [b"hello"]
    assert to_texts(tf.constant("hello"))[0].tolist() == [b"hello"]
    texts, pairs = to_texts(("a", "b"))
    assert (texts.tolist(), pairs.tolist()) == ([b"a"], [b"b"])


def test_a_lone_surrogate_becomes_a_replacement_character():
    assert to_texts(["a\ud800b"])[0].tolist() == ["a\ufffdb".encode()]


@pytest.mark.parametrize(
    "x, message",
    [
        (["a", None], r"Each text must be a string. Received: None \(NoneType\) at row 1."),
        (["a", 3], r"Received: 3 \(int\) at row 1."),
        (pd.Series(["a", float("nan")], dtype=object), "at row 1."),
        (None, r"Received: None \(NoneType\)"),
        ([["a", "b"], ["c", "d"]], "one-dimensional"),
        ((["a"], ["b", "c"]), "Received: 1 texts, 2 pairs."),
        ((["a"], ["b"], ["c"]), "Received: 3 elements."),
        ({"txt": ["a"]}, r"Received: \['txt'\]."),
        (pd.DataFrame({"sentence": ["a"]}), r"Received: \['sentence'\]."),
    ],
)
def test_what_is_no_text(x, message):
    with pytest.raises(UserError, match=message):
        to_texts(x)


@pytest.mark.parametrize(
    "y",
    [
        ["good", "bad", "good"],
        np.array(["good", "bad", "good"]),
        np.array([b"good", b"bad", b"good"]),
        pd.Series(["good", "bad", "good"]),
        [1, 0, 1],
    ],
)
def test_labels(y):
    assert to_label_ids(y, ["bad", "good"]).tolist() == [1, 0, 1]


def test_labels_that_are_numbers_by_name():
    assert to_label_ids(["10", "2"], ["2", "10"]).tolist() == [1, 0]


def test_unknown_labels():
    with pytest.raises(UserError, match="one of the model's 2: bad, good. Received also: ugly."):
        to_label_ids(["good", "ugly"], ["bad", "good"])
    with pytest.raises(UserError, match="need the model's `labels`"):
        to_label_ids(["good"], None)


def test_class_weights_name_labels_or_number_them():
    labels = ["bad", "good", "so so"]
    assert to_class_weights({"good": 3.0}, labels) == {0: 1.0, 1: 3.0, 2: 1.0}
    assert to_class_weights({2: 0.5}, labels) == {0: 1.0, 1: 1.0, 2: 0.5}
    with pytest.raises(UserError, match="ugly"):
        to_class_weights({"ugly": 1.0}, labels)


def test_the_last_rows_are_split_off():
    columns = (np.array(["a", "b", "c", "d"]), None)
    first, second = split_rows(columns, [["x"], [], ["x", "y"], ["y"]], None, 0.25)
    assert (list(first[0]), first[1], first[2]) == (["a", "b", "c"], [["x"], [], ["x", "y"]], None)
    assert (list(second[0]), second[1], second[2]) == (["d"], [["y"]], None)


def test_pairs_are_split_off():
    columns = (np.array(["a", "b"]), np.array(["c", "d"]))
    _, (x, y, sample_weight) = split_rows(columns, pd.Series([1, 2]), [0.5, 2.0], 0.5)
    assert [part.tolist() for part in x] == [["b"], ["d"]]
    assert (y.tolist(), sample_weight) == ([2], [2.0])
