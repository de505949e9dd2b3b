"""Tests of help and version, which must be there at once."""

import resource
import statistics
import subprocess
import sys

import pytest

from eelbert_tf.version import __version__
from tests.cli.command import eelbert

COMMANDS = (
    "train",
    "compress",
    "distill",
    "pretrain",
    "glue",
    "evaluate",
    "predict",
    "embed",
    "export",
    "info",
    "score",
)
_HEAVY = ("tensorflow", "keras", "keras_hub", "numpy", "pandas", "sklearn", "scipy")
_PROGRAM = f"""
import sys
from eelbert_tf.cli.main import main
try:
    main()
finally:
    heavy = [name for name in {_HEAVY} if name in sys.modules]
    assert not heavy, heavy
"""


def cpu_seconds_of_children():
    """What they computed: on a computer of its own, a little less than the time that passes."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize("line", [(), *((command,) for command in COMMANDS)])
def test_help_is_there_in_half_a_second_without_importing_anything_heavy(line):
    seconds = []
    for _ in range(3):
        start = cpu_seconds_of_children()
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, *line, "--help"], capture_output=True, text=True
        )
        seconds.append(cpu_seconds_of_children() - start)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"usage: {' '.join(('eelbert', *line))} ")
    assert statistics.median(seconds) < 0.5


def test_help_names_all_commands_and_their_options():
    out = eelbert("--help").out
    assert all(f"\n    {command} " in out for command in COMMANDS)
    train = eelbert("train", "--help").out
    for option in ("--preset", "--out", "--dev", "--epochs", "--seed", "--overwrite"):
        assert f"\n  {option} " in train
    assert "eelbert_uno" in train


def test_version():
    assert eelbert("--version").out == f"eelbert_tf {__version__}\n"
