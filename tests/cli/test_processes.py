"""Tests of commands in processes of their own: what they print, interrupts, closed pipes."""

import json
import os
import pty
import shutil
import signal

from tests.cli.command import assert_one_error, names_in, process, succeeded
from tests.cli.conftest import SETTINGS


def test_training_is_quiet_and_the_same_seed_gives_the_same_model(
    classes, class_file, pretrained, tmp_path
):
    directory = tmp_path / "again"
    line = ("train", class_file, "--preset", pretrained, "--out", directory, *SETTINGS)
    done = process(*line, "--seed", 3)
    out, err = done.communicate()
    assert (done.returncode, err) == (0, "")
    assert all(character == "\n" or character.isprintable() for character in out)
    metrics = [json.loads((d / "metrics.json").read_text()) for d in (directory, classes.directory)]
    assert {**metrics[0], "bytes": 0} == {**metrics[1], "bytes": 0}
    texts = ("a fine film", "awful, awful", "")
    first, second = (
        succeeded("predict", d, *texts, "--runtime", "litert").out
        for d in (directory, classes.directory)
    )
    assert first == second


def test_interrupt_while_training_on_a_terminal(class_file, pretrained, tmp_path):
    line = ("train", class_file, "--preset", pretrained, *SETTINGS, "--out", tmp_path / "model")
    terminal, its_end = pty.openpty()
    done = process(*line, "--epochs", 100_000, stdout=its_end)
    os.close(its_end)
    seen = b""
    while b"Epoch 3/" not in seen:
        seen += os.read(terminal, 4096)
    assert "━".encode() in seen  # the progress bar
    done.send_signal(signal.SIGINT)
    with open(terminal, "rb", buffering=0) as rest:
        drain(rest)
    _, err = done.communicate()
    assert_one_error(err, "interrupted; what existed before is unchanged.")
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []


def drain(terminal):
    """Read a terminal until its other end is closed, which Linux tells by an error."""
    try:
        while terminal.read(4096):
            pass
    except OSError:
        pass


def test_interrupt_while_saving_leaves_the_old_model(classes, class_file, pretrained, tmp_path):
    old = shutil.copytree(classes.directory, tmp_path / "model")
    before = names_in(tmp_path)
    line = ("train", class_file, "--preset", pretrained, *SETTINGS, "--out", old, "--overwrite")
    done = process(*line, "--epochs", 1)
    for text in done.stdout:
        if text.startswith("Exporting"):
            break
    done.send_signal(signal.SIGINT)
    out, err = done.communicate()
    assert_one_error(err, "interrupted; what existed before is unchanged.")
    assert (done.returncode, out) == (1, "")
    assert names_in(tmp_path) == before


def test_pipe_that_is_closed_early(classes, tmp_path):
    texts = tmp_path / "texts.txt"
    texts.write_text("a fine film " * 20 + "\n")
    texts.write_text(texts.read_text() * 2_000)
    with open(texts) as stdin:
        done = process("predict", classes.directory, "--runtime", "litert", stdin=stdin)
    assert done.stdout.readline().startswith("good\t")
    done.stdout.close()
    assert (done.wait(), done.stderr.read()) == (1, "")
    done.stderr.close()
