"""Tests of model directories that are damaged, incomplete, or from the future."""

import json
import shutil

import pytest

from tests.cli.command import refused
from tests.cli.conftest import SETTINGS


@pytest.fixture
def model(classes, tmp_path):
    return shutil.copytree(classes.directory, tmp_path / "model")


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def empty(path):
    path.write_bytes(b"")


def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def of_the_future(path):
    content = json.loads(path.read_text())
    content["config"]["hash_version"] = 99
    path.write_text(json.dumps(content))


@pytest.mark.parametrize(
    "name, damage, saying",
    [
        ("config.json", cut, "config.json"),
        ("config.json", empty, "config.json"),
        ("config.json", remove, "config.json is missing in"),
        ("config.json", of_the_future, "upgrade eelbert_tf"),
        ("model.weights.h5", cut, "Could not load the preset in"),
        ("model.weights.h5", empty, "Could not load the preset in"),
        ("model.weights.h5", remove, "model.weights.h5 is missing in"),
        ("task.json", cut, "Could not load the preset in"),
        ("task.weights.h5", cut, "Could not load the preset in"),
    ],
)
def test_preset(name, damage, saying, model):
    damage(model / "preset" / name)
    refused("predict", model, "a fine film", saying=saying)
    refused("info", model, saying=saying)


@pytest.mark.parametrize(
    "name, damage, saying",
    [
        ("config.json", cut, "config.json"),
        ("config.json", of_the_future, "upgrade eelbert_tf"),
        ("model.weights.h5", cut, "Could not load the preset in"),
        ("model.weights.h5", remove, "model.weights.h5 is missing in"),
    ],
)
def test_preset_to_train_from(name, damage, saying, model, class_file, tmp_path):
    damage(model / "preset" / name)
    line = ("train", class_file, "--preset", model / "preset", "--out", tmp_path / "new")
    refused(*line, *SETTINGS, saying=saying, folder=tmp_path)


@pytest.mark.parametrize(
    "name, damage",
    [
        ("saved_model.pb", cut),
        ("saved_model.pb", empty),
        ("saved_model.pb", remove),
        ("variables", remove),
        ("variables/variables.data-00000-of-00001", cut),
    ],
)
def test_saved_model(name, damage, model):
    damage(model / "saved_model" / name)
    line = ("predict", model, "a fine film", "--runtime", "saved_model")
    refused(*line, saying="holds no SavedModel that can be loaded")


@pytest.mark.parametrize("damage", [cut, empty])
def test_litert(damage, model):
    damage(model / "model.tflite")
    line = ("predict", model, "a fine film", "--runtime", "litert")
    refused(*line, saying="model.tflite holds no")


@pytest.mark.parametrize(
    "runtime, part",
    [("keras", "preset"), ("saved_model", "saved_model"), ("litert", "model.tflite")],
)
def test_part_that_is_missing(runtime, part, model, class_file, tmp_path):
    remove(model / part)
    for directory in (model, tmp_path / "none"):
        saying = f"{directory} must be a directory that `eelbert train` wrote. {part} is missing"
        refused("predict", directory, "a", "--runtime", runtime, saying=saying)
        refused("evaluate", directory, class_file, "--runtime", runtime, saying=saying)
        refused("embed", directory, "a", "--runtime", runtime, saying=saying)


@pytest.mark.parametrize("damage", [cut, remove])
def test_command_file(damage, model):
    damage(model / "command.json")
    refused("predict", model, "a", saying="command.json is missing or damaged")
