"""Tests of the soft alignment of a pair's words, and of the head that uses it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.models.alignment import novelty, pair_masks
from eelbert_tf.models.text_head import TextHead
from tests import toy

# [CLS] a b [SEP] c [SEP] [PAD]
PADDING = np.array([[1, 1, 1, 1, 1, 1, 0]])
SEGMENTS = np.array([[0, 0, 0, 0, 1, 1, 0]], "int32")


def test_masks_leave_special_words_out():
    first, second = pair_masks(PADDING, SEGMENTS, "float32")
    assert np.array(first).tolist() == [[0, 1, 1, 0, 0, 0, 0]]
    assert np.array(second).tolist() == [[0, 0, 0, 0, 1, 0, 0]]


def test_a_single_text_has_no_second():
    first, second = pair_masks([[1, 1, 1]], np.zeros((1, 3), "int32"), "float32")
    assert np.array(first).tolist() == [[0, 1, 0]]
    assert not np.array(second).any()


def test_novelty_by_hand():
    a, b, c = [1.0, 0.0], [0.0, 2.0], [3.0, 4.0]  # cosines with c: 0.6 and 0.8
    words = np.array([[[9.0, 9.0], a, b, [9.0, 9.0], c, [9.0, 9.0], [0.0, 0.0]]])
    first, second = (np.array(m) for m in pair_masks(PADDING, SEGMENTS, "float32"))
    new = np.array(novelty(words.astype("float32"), first, second))
    np.testing.assert_allclose(new, [[0, 0.4, 0.2, 0, 0, 0, 0]], atol=1e-6)
    new = np.array(novelty(words.astype("float32"), second, first))
    np.testing.assert_allclose(new, [[0, 0, 0, 0, 0.2, 0, 0]], atol=1e-6)


def test_without_another_text_all_words_are_new():
    words = np.ones((1, 3, 4), "float32")
    first, second = (np.array(m) for m in pair_masks([[1, 1, 1]], [[0, 0, 0]], "float32"))
    assert np.array(novelty(words, first, second)).tolist() == [[0, 2, 0]]


def test_the_head_sees_what_only_one_text_says():
    """Two pairs of equal means and [CLS], whose second words differ in being in the first text."""
    head = TextHead(hidden_dim=4, num_classes=3, pooling="aligned_pair", dropout=0.0)
    outputs = np.ones((2, 7, 4), "float32")
    words = np.random.default_rng(0).normal(size=(2, 7, 4)).astype("float32")
    words[1, 4] = words[1, 2]
    masks = np.repeat(PADDING, 2, axis=0), np.repeat(SEGMENTS, 2, axis=0)
    first, second = np.array(head(outputs, *masks, words))
    assert np.abs(first - second).max() > 1e-4
    plain = TextHead(hidden_dim=4, num_classes=3, pooling="pair", dropout=0.0)
    first, second = np.array(plain(outputs, *masks))
    np.testing.assert_array_equal(first, second)


def test_a_classifier_of_pairs_is_saved_with_its_alignment(tmp_path):
    task = toy.with_random_weights(toy.classifier(pooling="aligned_pair", cross_attention=False))
    pairs = (["a fine film", "a cat sat"], ["a film", "dogs bark"])
    expected = task.predict(pairs, verbose=0)
    task.save_to_preset(str(tmp_path / "pairs"))
    loaded = type(task).from_preset(str(tmp_path / "pairs"))
    np.testing.assert_allclose(loaded.predict(pairs, verbose=0), expected, atol=1e-5)
    assert loaded.pooling == "aligned_pair"


def test_zeros_have_a_gradient():
    words = tf.zeros((1, 7, 4))
    first, second = pair_masks(PADDING, SEGMENTS, "float32")
    with tf.GradientTape() as tape:
        tape.watch(words)
        new = novelty(words, first, second)
    assert np.isfinite(tape.gradient(new, words)).all()


@pytest.mark.parametrize("cross_attention", [True, False])
def test_alignment_reads_words_before_positions(cross_attention):
    """Where the second text repeats the first, every position of it is matched wholly."""
    task = toy.classifier(pooling="aligned_pair", cross_attention=cross_attention)
    head = task.get_layer("head")
    seen = {}
    call = head.call

    def watched(x, padding_mask, segment_ids, word_vectors, **kwargs):
        masks = pair_masks(padding_mask, segment_ids, "float32")
        seen["new"] = keras.ops.convert_to_numpy(novelty(word_vectors, *masks))
        return call(x, padding_mask, segment_ids, word_vectors, **kwargs)

    head.call = watched
    task(task.preprocessor((["one two three"], ["three one two"])))
    np.testing.assert_allclose(seen["new"], 0.0, atol=1e-5)
