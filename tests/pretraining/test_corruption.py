"""What is hidden, replaced and swapped."""

import numpy as np
import pytest

from eelbert_tf.pretraining.corruption import KEPT, MASKED, RANDOM, SHUFFLED, Corruption

NUMBERS = np.where(np.arange(20)[None, :] < [[20], [15], [1]], np.arange(60).reshape(3, 20), -1)
NUMBERS = np.tile(NUMBERS.astype("int32"), (200, 1))


def test_nothing_changes_at_rates_of_zero():
    changed, kinds = Corruption()(NUMBERS, 99, np.random.default_rng(0))
    assert np.array_equal(changed, NUMBERS) and not kinds.any()


def test_kinds_tell_what_was_done():
    corruption = Corruption(masked=0.2, random=0.2, shuffled=0.3)
    changed, kinds = corruption(NUMBERS, 99, np.random.default_rng(0))
    assert (changed[kinds == MASKED] == 99).all()
    assert np.array_equal(changed[kinds == KEPT], NUMBERS[kinds == KEPT])
    for kind in (RANDOM, SHUFFLED):
        assert (changed[kinds == kind] != NUMBERS[kinds == kind]).all()
    assert ((changed < 0) == (NUMBERS < 0)).all()
    inside = NUMBERS >= 0
    for kind, share in ((MASKED, 0.2), (RANDOM, 0.2)):
        assert (kinds[inside] == kind).mean() == pytest.approx(share, abs=0.02)


def test_shuffling_keeps_the_words_of_a_sequence():
    changed, kinds = Corruption(shuffled=0.5)(NUMBERS, 99, np.random.default_rng(1))
    assert np.array_equal(np.sort(changed, axis=1), np.sort(NUMBERS, axis=1))
    assert (kinds == SHUFFLED).mean() > 0.2
