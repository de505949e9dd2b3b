"""Two devices, two processes and JAX learn what one device learns from the same batches.

All that starts processes is in this file, so that each of them is started once.
"""

import collections
import os
import re
import signal
import subprocess
import time

import numpy as np
import pytest

from eelbert_tf.distribution.keras_faults import is_faulty
from eelbert_tf.models import EelbertTextClassifier
from tests.cli.command import process
from tests.distribution import runs
from tests.distribution.conftest import DETERMINISTIC


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


@pytest.mark.parametrize("kind", ["mirrored", "workers"])
@pytest.mark.parametrize("run", ["tuned", "pretrained"])
def test_losses_are_those_of_one_device(kind, run, one_device, request):
    reports, _ = request.getfixturevalue(kind)
    expected = one_device.losses[run]
    assert len(expected) >= 50
    assert reports[0].count == 2
    np.testing.assert_allclose(reports[0].losses[run], expected, rtol=1e-5)


@pytest.mark.parametrize("run, steps", [("tuned", 2), ("pretrained", 50)])
def test_losses_are_those_of_one_device_under_jax(run, steps, data_parallel):
    (report,), _ = data_parallel
    assert report.count == 2
    assert len(report.alone[run]) >= steps
    np.testing.assert_allclose(report.losses[run], report.alone[run], rtol=1e-5)


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
    assert chief.saves == 6  # before the first step and after the last, of three runs
    assert (other.saves, other.losses) == (0, {"tuned": [], "pretrained": []})
    kept = [path for path in folder.rglob("*") if path.name == "checkpoint.npz"]
    assert len(kept) == 3


def test_workers_end_with_the_same_weights(workers):
    (chief, other), folder = workers
    for new, same in zip(chief.weights, other.weights):
        assert np.array_equal(new, same)
    tasks = [EelbertTextClassifier.from_preset(folder / f"{index}.task") for index in (0, 1)]
    for new, same in zip(*(task.get_weights() for task in tasks)):
        assert np.array_equal(new, same)


@pytest.mark.parametrize("kind", ["mirrored", "workers"])
def test_fit_on_strings_works_under_a_strategy(kind, one_device, request):
    for report in request.getfixturevalue(kind)[0]:
        np.testing.assert_allclose(report.strings, one_device.strings, rtol=1e-5)


def test_fit_of_a_task_works_under_a_strategy(mirrored, one_device):
    (report,), _ = mirrored
    np.testing.assert_allclose(report.texts, one_device.texts, rtol=1e-5)


@pytest.mark.parametrize("version, faulty", [("3.15.1", True), ("3.16.0", False), ("4.0", False)])
def test_versions_of_keras(version, faulty):
    assert is_faulty(version) == faulty


def test_fit_on_strings_would_fail_without_the_repair(mirrored):
    (report,), _ = mirrored
    assert report.faults["unrepaired_fit"] != ""


def test_the_sum_of_gradients_is_clipped(mirrored):
    """Two replicas of a gradient of length 8 each, and a norm of at most 1."""
    (report,), _ = mirrored
    assert report.faults["unrepaired_length"] == pytest.approx(2.0)
    assert report.faults["length"] == pytest.approx(1.0)


def test_a_worker_killed_by_kill_9_stops_all_which_end_where_an_unbroken_run_does(
    workers, pretrained, tmp_path, monkeypatch
):
    for name, value in DETERMINISTIC.items():
        monkeypatch.setenv(name, value)
    out = tmp_path / "model"
    with open(tmp_path / "said", "w") as file:
        line = line_of(out, pretrained, tmp_path)
        launched = process(*line, stdout=subprocess.DEVNULL, stderr=file)
    said = Said(tmp_path / "said")
    victim = said.waits_for("worker 1 of 2 is process ([0-9]+)")
    while step_of(tmp_path / "model.run/checkpoint.npz") < 5:
        time.sleep(0.005)
    os.kill(int(victim), signal.SIGKILL)
    killed = time.monotonic()
    said.waits_for("error: (Worker 0) of 2 stopped, since another worker")
    assert time.monotonic() - killed < 60
    said.waits_for("worker 1 was (killed) by signal 9; all start again")
    assert launched.wait(timeout=300) == 0, said.path.read_text()
    _, unbroken = workers
    tasks = [EelbertTextClassifier.from_preset(p) for p in (out / "preset", unbroken / "0.task")]
    for new, same in zip(*(task.get_weights() for task in tasks)):
        assert np.array_equal(new, same)
    assert not (tmp_path / "model.run").exists()


def line_of(out, preset, folder):
    """The command that trains as `runs.fine_tuned` does."""
    rows = runs.examples()
    lines = ["label\ttext", *(f"{label}\t{text}" for label, text in zip(rows.labels, rows.texts))]
    data = folder / "rows.tsv"
    data.write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = [(f"--{name.replace('_', '-')}", value) for name, value in runs.SETTINGS.items()]
    return [
        *("train", data, "--dev", data, "--preset", preset, "--out", out),
        *(part for setting in settings for part in setting),
        *("--strategy", "multi_worker", "--workers", 2, "--checkpoint-seconds", 0),
    ]


def step_of(checkpoint):
    """-1 where there is none yet."""
    if not checkpoint.exists():
        return -1
    with np.load(checkpoint) as arrays:
        return int(re.search(rb'"step": ([0-9]+)', arrays["record"].tobytes())[1])


class Said:
    """What a process writes into a file."""

    def __init__(self, path):
        self.path = path

    def waits_for(self, pattern, seconds=300):
        """The first group of a pattern's match, once there is one."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.path.read_text())):
            assert time.monotonic() < end, self.path.read_text()
            time.sleep(0.01)
        return found[1]
