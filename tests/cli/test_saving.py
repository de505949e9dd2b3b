"""Tests of what stands where a model is to be written, and of a disk without room."""

import contextlib
import resource
import shutil

import pytest

from tests.cli.command import eelbert, names_in, refused
from tests.cli.conftest import SETTINGS


@pytest.fixture
def line(pretrained, class_file):
    return ("train", class_file, "--preset", pretrained, *SETTINGS)


@contextlib.contextmanager
def largest_file(size):
    """As on a full disk, writing more fails, for root too."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_directory_that_exists(line, classes):
    before = names_in(classes.directory)
    refused(*line, "--out", classes.directory, saying="exists already. Name another path, or")
    assert names_in(classes.directory) == before


def test_only_a_model_is_replaced(line, tmp_path, monkeypatch):
    (tmp_path / "notes.txt").write_text("mine")
    refused(
        *(*line, "--out", tmp_path, "--overwrite"),
        saying="holds other things than a model, so it is not replaced",
        folder=tmp_path,
    )
    refused(
        *(*line, "--out", tmp_path / "notes.txt", "--overwrite"),
        saying="must be a directory",
        folder=tmp_path,
    )
    monkeypatch.chdir(tmp_path)
    refused(*line, "--out", ".", "--overwrite", saying="holds other things", folder=tmp_path)


def test_path_below_a_file(line, tmp_path):
    (tmp_path / "file").write_text("")
    refused(
        *(*line, "--out", tmp_path / "file/models/mine"),
        saying=f"Could not write {tmp_path}/file/models/mine: {tmp_path}/file is not a directory",
        folder=tmp_path,
    )


def test_full_disk_while_training_leaves_the_old_model(line, classes, tmp_path):
    old = shutil.copytree(classes.directory, tmp_path / "model")
    before = names_in(tmp_path)
    with largest_file(500_000):
        result = eelbert(*line, "--epochs", 1, "--out", old, "--overwrite")
    assert (result.status, result.err) == (
        1,
        f"eelbert: error: Could not write {old}: File too large.\n",
    )
    assert names_in(tmp_path) == before


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_full_disk_while_exporting_leaves_the_old_model(size, classes, tmp_path):
    shutil.copytree(classes.directory / "saved_model", tmp_path / "1")
    line = ("export", classes.directory, "--format", "saved_model", "--out", tmp_path)
    with largest_file(size):
        refused(
            *(*line, "--version", 1, "--overwrite"),
            saying="File too large",
            folder=tmp_path,
        )


def test_skipped_rows_that_cannot_be_saved(line, tmp_path, monkeypatch):
    (tmp_path / "data.tsv.skipped.jsonl").mkdir()
    (tmp_path / "data.tsv").write_text("label\ttext\ngood\n" + "good\tfine\nbad\tawful\n" * 9)
    monkeypatch.chdir(tmp_path)
    refused(
        *("train", "data.tsv", *line[2:], "--skip-bad-rows", "--out", tmp_path / "model"),
        saying="Is a directory: 'data.tsv.skipped.jsonl'",
        folder=tmp_path,
    )
