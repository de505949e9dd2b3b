"""Tests of preset directories with a part that is missing, damaged or of a later release."""

import json
import shutil

import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.models import EelbertTextClassifier


def remove(path):
    path.unlink()


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def empty_object(path):
    path.write_text("{}", encoding="utf-8")


def later_hash(path):
    config = json.loads(path.read_text(encoding="utf-8"))
    config["config"]["hash_version"] = 2
    path.write_text(json.dumps(config), encoding="utf-8")


def other_shape(path):
    config = json.loads(path.read_text(encoding="utf-8"))
    config["config"]["backbone"]["config"]["intermediate_dim"] = 17
    path.write_text(json.dumps(config), encoding="utf-8")


@pytest.mark.parametrize(
    "name, damage, message",
    [
        ("config.json", remove, "config.json is missing in .*save the model again, or copy"),
        ("model.weights.h5", remove, "model.weights.h5 is missing in"),
        ("task.weights.h5", remove, "task.weights.h5 is missing in"),
        ("config.json", cut, "config.json cannot be used: .*line"),
        ("config.json", empty_object, "config.json is damaged: it holds no settings of a model."),
        ("config.json", later_hash, "`hash_version` must be 1.*hash_version=2.*upgrade eelbert_tf"),
        ("task.json", cut, "Could not load the preset in .*: .*line"),
        ("task.json", other_shape, "Could not load the preset in .*: "),
        ("model.weights.h5", cut, "Could not load the preset in .*truncated file"),
        ("task.weights.h5", cut, "Could not load the preset in .*truncated file"),
    ],
)
def test_what_is_broken_is_said_in_one_line(model_directory, tmp_path, name, damage, message):
    preset = tmp_path / "preset"
    shutil.copytree(model_directory / "preset", preset)
    damage(preset / name)
    with pytest.raises(UserError, match=message) as caught:
        EelbertTextClassifier.from_preset(preset)
    assert len(str(caught.value).splitlines()) == 1
