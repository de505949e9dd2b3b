"""Tests of the versions of a model in the directory that a server watches."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading

import pytest
import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.export.serving.versions import export_version, version_path
from tests.cli.command import names_in
from tests.cli.test_saving import largest_file

FILES = {
    "assets.extra/tf_serving_warmup_requests",
    "assets/labels.txt",
    "fingerprint.pb",
    "saved_model.pb",
    "variables/variables.data-00000-of-00001",
    "variables/variables.index",
}


def files_in(path):
    return {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}


def test_the_next_number(tmp_path):
    assert version_path(tmp_path / "new") == tmp_path / "new/1"
    for name in ("2", "10", "007", "notes", ".11.temporary"):
        (tmp_path / name).mkdir()
    assert version_path(tmp_path) == tmp_path / "11"
    assert version_path(tmp_path, 3) == tmp_path / "3"
    with pytest.raises(UserError, match="`version` must be at least 1. Received: version=0"):
        version_path(tmp_path, 0)
    (tmp_path / "saved_model.pb").touch()
    with pytest.raises(UserError, match="It is a SavedModel itself"):
        version_path(tmp_path)


def test_a_server_that_watches_sees_whole_versions(pair_classifier, tmp_path):
    seen, ended = [], threading.Event()

    def watch():
        while not ended.is_set():
            for child in tmp_path.iterdir():
                if child.name.isdecimal():
                    seen.append((child.name, files_in(child)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        paths = [export_version(pair_classifier, tmp_path, pair=True) for _ in range(2)]
    finally:
        ended.set()
        watcher.join()
    assert paths == [tmp_path / "1", tmp_path / "2"]
    assert {name for name, _ in seen} >= {"1"}
    assert all(files == FILES for _, files in seen)
    assert {child.name for child in tmp_path.iterdir()} == {"1", "2"}
    assert (paths[0] / "assets/labels.txt").read_text() == "no\nmaybe\nyes\n"
    served = tf.saved_model.load(str(paths[0])).signatures["describe"]
    description = served(text=tf.constant([""]))["description"].numpy()[0]
    assert json.loads(description)["labels"] == ["no", "maybe", "yes"]


KILLED = """
import os, signal, sys
import tensorflow as tf
from eelbert_tf.export.serving.versions import export_version
from tests import toy

class Killed(tf.io.TFRecordWriter):
    def write(self, record):
        super().write(record)
        self.flush()
        os.kill(os.getpid(), signal.SIGKILL)

tf.io.TFRecordWriter = Killed
export_version(toy.classifier(), sys.argv[1])
"""


def test_a_process_that_is_killed_leaves_no_version(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], capture_output=True)
    assert done.returncode == -signal.SIGKILL
    # It was almost done, out of a server's sight.
    (room,) = tmp_path.iterdir()
    assert room.name.startswith(".1.")
    assert files_in(room / "1") == FILES
    assert version_path(tmp_path) == tmp_path / "1"


def test_a_full_disk(scorer, tmp_path):
    with largest_file(12_000), pytest.raises(UserError, match="Could not write .*too large"):
        export_version(scorer, tmp_path)
    assert names_in(tmp_path) == set()


def test_a_version_that_exists(scorer, tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1/saved_model.pb").write_text("old")
    before = names_in(tmp_path)
    with pytest.raises(UserError, match="exists already"):
        export_version(scorer, tmp_path, version=1)
    assert names_in(tmp_path) == before


def test_a_directory_without_permission(scorer, tmp_path, monkeypatch):
    # Root may write everywhere, so the system's answer is given for it.
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    may = os.access
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK and may(path, mode))
    with pytest.raises(UserError, match=f"Could not write {tmp_path}/1: .* is not writable"):
        export_version(scorer, tmp_path)
    tmp_path.chmod(stat.S_IRWXU)
    assert list(tmp_path.iterdir()) == []


def test_the_extra_is_named_where_it_is_missing(scorer, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'eelbert_tf\[serving\]'"):
        export_version(scorer, tmp_path)
    assert list(tmp_path.iterdir()) == []
