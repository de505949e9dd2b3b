"""Workers are started, and started again, without TensorFlow."""

import sys

import pytest

from eelbert_tf.distribution import launcher
from eelbert_tf.errors import UserError

# Each worker notes its index in starts.txt of the working directory, then runs the code.
_START = """
import json, os, pathlib, signal, sys, time
index = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
with open("starts.txt", "a") as file:
    file.write(f"{index}\\n")
first = len(pathlib.Path("starts.txt").read_text().split()) <= 2
def kill():
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A function that runs two workers of some code; `starts` are those of all workers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(launcher, "PATIENCE", 1.0)

    def workers(code):
        command = [sys.executable, "-c", _START + code]
        return launcher.run_workers(command, 2, tmp_path / "checkpoint")

    return workers


def starts():
    with open("starts.txt") as file:
        return sorted(file.read().split())


def test_all_end_well(run):
    assert run("") == 0
    assert starts() == ["0", "1"]


def test_the_chief_ends_last(run):
    assert run("time.sleep(2 * (index == 0))") == 0


def test_a_worker_that_gives_up_is_not_started_again(run):
    assert run("sys.exit(1)") == 1
    assert starts() == ["0", "1"]


def test_after_a_kill_all_start_again(run, capfd):
    assert run("time.sleep(0.5)\nif first and index: kill()\nsys.exit(1 if first else 0)") == 0
    assert starts() == ["0", "0", "1", "1"]
    assert "worker 1 was killed by signal 9; all start again" in capfd.readouterr().err


def test_a_worker_that_does_not_stop_is_stopped(run):
    assert run("if first and index: kill()\ntime.sleep(60 if first else 0)") == 0
    assert starts() == ["0", "0", "1", "1"]


def test_without_progress_it_ends(run):
    with pytest.raises(UserError, match="Worker 1 was killed 3 times before the next checkpoint"):
        run("if index: kill()\nsys.exit(1)")
    assert starts() == ["0"] * 3 + ["1"] * 3


def test_with_progress_it_goes_on(run):
    code = """
if index == 0:
    pathlib.Path("checkpoint").write_text("x")
    os.utime("checkpoint", ns=(time.time_ns(), time.time_ns()))
    sys.exit(pathlib.Path("starts.txt").read_text().count("0") < 5)
time.sleep(0.5)
kill()
"""
    assert run(code) == 0
    assert starts().count("0") == 5
