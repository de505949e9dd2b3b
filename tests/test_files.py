"""Tests of replacing files and directories."""

import os

import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.files import check_free, check_room, replaced


@pytest.fixture
def model(tmp_path):
    """A directory that may be replaced, of a name that is no easy one."""
    path = tmp_path / "old"
    path.mkdir()
    (path / "command.json").write_text("old")
    return path


def write(path, text):
    path.mkdir()
    (path / "command.json").write_text(text)


def test_takes_the_place_of_the_old_when_all_went_well(model, tmp_path):
    with replaced(model, overwrite=True) as temporary:
        write(temporary, "new")
        assert (model / "command.json").read_text() == "old"
    assert (model / "command.json").read_text() == "new"
    assert list(tmp_path.iterdir()) == [model]


def test_makes_the_directories_above(tmp_path):
    with replaced(tmp_path / "a/b/file") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "a/b/file").read_text() == "new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_the_old_stays_when_the_block_fails(error, model, tmp_path):
    with pytest.raises(error), replaced(model, overwrite=True) as temporary:
        write(temporary, "new")
        raise error
    assert (model / "command.json").read_text() == "old"
    assert list(tmp_path.iterdir()) == [model]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_the_old_comes_back_when_the_last_step_fails(error, model, tmp_path, monkeypatch):
    replace = os.replace

    def fails_once(source, target):
        if str(target) == str(model):
            monkeypatch.setattr(os, "replace", replace)
            raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", fails_once)
    expected = UserError if error is OSError else error
    with pytest.raises(expected), replaced(model, overwrite=True) as temporary:
        write(temporary, "new")
    assert (model / "command.json").read_text() == "old"
    assert list(tmp_path.iterdir()) == [model]


def test_a_link_stays_and_what_it_leads_to_is_replaced(model, tmp_path):
    (tmp_path / "link").symlink_to(model)
    with replaced(tmp_path / "link", overwrite=True) as temporary:
        write(temporary, "new")
    assert (tmp_path / "link").is_symlink()
    assert (model / "command.json").read_text() == "new"


def test_something_that_came_to_be_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "file"
    with pytest.raises(UserError, match="exists already"), replaced(path) as temporary:
        temporary.write_text("new")
        path.write_text("theirs")
    assert path.read_text() == "theirs"


@pytest.mark.parametrize("name", ["command.json", "saved_model.pb", None])
def test_models_and_empty_directories_may_be_replaced(name, tmp_path):
    if name:
        (tmp_path / name).write_text("")
    check_free(tmp_path, overwrite=True)
    with pytest.raises(UserError, match="exists already"):
        check_free(tmp_path, overwrite=False)


def test_room(tmp_path):
    check_room(tmp_path, 1_000)
    with pytest.raises(OSError):
        check_room(tmp_path, 2**62)
    assert list(tmp_path.iterdir()) == []
