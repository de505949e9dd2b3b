"""Tests of made-up typing errors."""

import pytest
import tensorflow as tf

from eelbert_tf.layers.character_distortion import distort

TEXT = "The café costs 12.50 € — don't you think? Ärger, привет мир 42!" * 20


def distorted(text, rate, seed=(1, 2)):
    code_points = tf.strings.unicode_decode(text, "UTF-8")
    return [chr(c) for c in distort(code_points, rate, tf.constant(seed, tf.int32)).numpy()]


def test_rate_0_changes_nothing():
    assert "".join(distorted(TEXT, 0.0)) == TEXT


def test_empty_text():
    assert distorted("", 0.5) == []


@pytest.mark.parametrize("rate", [0.1, 0.9])
def test_spaces_digits_and_punctuation_keep_their_places(rate):
    result = distorted(TEXT, rate)
    assert len(result) == len(TEXT)
    assert "".join(result) != TEXT
    for before, after in zip(TEXT, result):
        assert before.isalpha() == (after.isalpha() or after == "\u200b")
        if not before.isalpha():
            assert after == before


def test_deletes_replaces_and_swaps_about_as_often_as_asked():
    text = "abcdefghij" * 400
    result = distorted(text, 0.09)
    deleted = result.count("\u200b")
    swapped = sum(
        text[place] != text[place + 1]
        and result[place : place + 2] == [text[place + 1], text[place]]
        for place in range(len(text) - 1)
    )
    changed = sum(before != after for before, after in zip(text, result))
    replaced = changed - deleted - 2 * swapped
    # 4,000 letters, 120 of each kind expected; a tenth of replacements draw the same letter, and
    # a tenth of swaps meet an error next to them. Four standard deviations are 43.
    assert 77 <= deleted <= 163
    assert 66 <= swapped <= 152
    assert 66 <= replaced <= 152


def test_replacements_are_letters_of_the_text():
    result = distorted("ж" * 200 + "д" * 200, 0.5)
    assert set(result) == {"ж", "д", "e", "\u200b"} or set(result) == {"ж", "д", "\u200b"}


def test_the_seed_decides():
    assert distorted(TEXT, 0.2, (3, 4)) == distorted(TEXT, 0.2, (3, 4))
    assert distorted(TEXT, 0.2, (3, 4)) != distorted(TEXT, 0.2, (4, 3))
