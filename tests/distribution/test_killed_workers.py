"""`eelbert train --strategy multi_worker --workers 2`, whose workers are killed with `kill -9`."""

import os
import re
import signal
import subprocess
import threading
import time

import numpy as np

from eelbert_tf.models import EelbertTextClassifier
from tests.cli.command import process
from tests.distribution import runs
from tests.distribution.conftest import DETERMINISTIC


def test_killed_workers_start_again_and_end_where_an_unbroken_run_does(
    workers, pretrained, tmp_path, monkeypatch
):
    for name, value in DETERMINISTIC.items():
        monkeypatch.setenv(name, value)
    out = tmp_path / "model"
    launched = process(*line_of(out, pretrained, tmp_path), stdout=subprocess.DEVNULL)
    said = Said(launched.stderr)
    for starts, (index, after) in enumerate([(1, 5), (0, 25)], start=1):
        victim = said.waits_for(f"worker {index} of 2 is process ([0-9]+)", starts)
        while step_of(tmp_path / "model.run/checkpoint.npz") < after:
            time.sleep(0.005)
        os.kill(int(victim), signal.SIGKILL)
        killed = time.monotonic()
        said.waits_for(f"error: Worker ({1 - index}) of 2 stopped, since another worker", 1)
        assert time.monotonic() - killed < 60
        said.waits_for(f"worker {index} was (killed) by signal 9; all start again", 1)
    assert launched.wait(timeout=300) == 0, said.text
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
    """What a process writes to standard error, as it comes."""

    def __init__(self, stream):
        self.text = ""
        self._stream = stream
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._stream:
            self.text += line

    def waits_for(self, pattern, times, seconds=300):
        """The first group of a pattern's match, once there are so many."""
        end = time.monotonic() + seconds
        while len(found := re.findall(pattern, self.text)) < times:
            assert time.monotonic() < end, self.text
            time.sleep(0.01)
        return found[times - 1]
