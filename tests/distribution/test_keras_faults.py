"""The faults are there in the versions that are named, and are met."""

import pytest

from eelbert_tf.distribution.keras_faults import is_faulty


@pytest.mark.parametrize("version, faulty", [("3.15.1", True), ("3.16.0", False), ("4.0", False)])
def test_versions(version, faulty):
    assert is_faulty(version) == faulty


def test_strings_cannot_be_averaged_without_this(mirrored):
    (report,), _ = mirrored
    assert report.unrepaired["fit"] != ""


def test_the_sum_of_gradients_is_clipped(mirrored):
    """Two replicas of a gradient of length 8 each, and a norm of at most 1."""
    (report,), _ = mirrored
    assert report.unrepaired["length"] == pytest.approx(2.0)
    assert report.repaired["length"] == pytest.approx(1.0)
