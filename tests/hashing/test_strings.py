"""What `hash_text` gives besides vectors: each distinct word once, and its signature."""

import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.hashing import packing, reference
from eelbert_tf.hashing.strings import hash_text
from tests.hashing.golden import CONFIGS

TEXTS = ["the cat, the dog", "", "The CAT", "dog's café cafe\u0301"]


@pytest.mark.parametrize("name", ["small", "four_orders", "random"])
def test_table_rows_and_signatures(name):
    config = CONFIGS[name]
    hashed = hash_text(tf.constant(TEXTS), config, 128)
    words = [reference.words(text, 128) for text in TEXTS]
    assert hashed.counts.numpy().tolist() == [5, 0, 2, 3]
    flat = [word for text in words for word in text]
    rows = hashed.rows.numpy()
    signatures = hashed.signatures.numpy()
    assert signatures[rows].tolist() == [reference.word_signature(word) for word in flat]
    assert signatures[: len(packing.special_vectors(config))].tolist() == [0, 0, 0, 0]
    np.testing.assert_array_equal(hashed.table[:4], packing.special_vectors(config))
    assert len(hashed.table) == len(signatures)


def test_equal_words_between_spaces_share_a_row():
    hashed = hash_text(tf.constant(["a b a", "b c a"]), CONFIGS["small"], 128)
    a, b, c = 4, 5, 6
    assert hashed.rows.numpy().tolist() == [a, b, a, b, c, a]
    assert len(hashed.table) == 7


def test_edited_code_points_are_hashed():
    def edit(code_points):
        return tf.where(code_points == ord("x"), ord("a"), code_points)

    edited = hash_text(tf.constant(["bxx xb"]), CONFIGS["small"], 128, edit)
    wanted = hash_text(tf.constant(["baa ab"]), CONFIGS["small"], 128)
    np.testing.assert_array_equal(edited.table, wanted.table)
    np.testing.assert_array_equal(edited.rows, wanted.rows)
