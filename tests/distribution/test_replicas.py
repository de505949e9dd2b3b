"""Two devices, two processes and JAX learn what one device learns from the same batches."""

import collections

import numpy as np
import pytest

from eelbert_tf.models import EelbertTextClassifier
from tests.distribution import runs


def rows_of_steps(reports):
    """For each step: all rows of its batch, and those that each replica took."""
    parts = collections.defaultdict(list)
    for report in reports:
        own = collections.Counter()
        for index, whole, taken in report.rows:
            parts[index].append((whole, taken))
            own[index] += 1
        assert len(set(own.values())) == 1
    return list(zip(*(parts[index] for index in sorted(parts))))


@pytest.mark.parametrize("kind", ["mirrored", "workers", "data_parallel"])
@pytest.mark.parametrize("run", ["tuned", "pretrained"])
def test_losses_are_those_of_one_device(kind, run, one_device, request):
    reports, _ = request.getfixturevalue(kind)
    expected = one_device.losses[run]
    assert len(expected) >= 50
    assert reports[0].count == 2
    tolerance = 1e-5 if kind != "data_parallel" else 1e-4  # JAX rounds otherwise
    np.testing.assert_allclose(reports[0].losses[run], expected, rtol=tolerance)


@pytest.mark.parametrize("kind", ["mirrored", "workers"])
def test_each_replica_takes_rows_of_its_own(kind, request):
    reports, _ = request.getfixturevalue(kind)
    steps = rows_of_steps(reports)
    assert len(steps) >= runs.STEPS
    for parts in steps:
        whole = parts[0][0]
        assert all(other == whole for other, _ in parts)
        assert sorted(row for _, taken in parts for row in taken) == sorted(whole)
    assert all(
        len({index for index, _, _ in report.rows}) == 2 // len(reports) for report in reports
    )


def test_the_chief_alone_writes_checkpoints(workers):
    (chief, other), folder = workers
    assert chief.saves == 4  # before the first step and after the last, of both runs
    assert (other.saves, other.losses) == (0, {"tuned": [], "pretrained": []})
    kept = [path for path in folder.rglob("*") if path.name == "checkpoint.npz"]
    assert len(kept) == 2


def test_workers_end_with_the_same_weights(workers):
    (chief, other), folder = workers
    for new, same in zip(chief.weights, other.weights):
        assert np.array_equal(new, same)
    tasks = [EelbertTextClassifier.from_preset(folder / f"{index}.task") for index in (0, 1)]
    for new, same in zip(*(task.get_weights() for task in tasks)):
        assert np.array_equal(new, same)


@pytest.mark.parametrize("kind", ["mirrored", "workers"])
@pytest.mark.parametrize("model", ["texts", "strings"])
def test_fit_works_under_a_strategy(kind, model, one_device, request):
    reports, _ = request.getfixturevalue(kind)
    for report in reports:
        np.testing.assert_allclose(report.fit[model], one_device.fit[model], rtol=1e-5)
