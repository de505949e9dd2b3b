"""A wheel, built and used in an empty directory: small, and with the shipped models in it."""

import configparser
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from eelbert_tf.shipped_presets import shipped_names
from tests.source_tree import ROOT, build_wheel, copy_source_tree

LARGEST_WHEEL = 15_000_000
TOY = "toy_embedder"
PROGRAM = """
import json, sys
import eelbert_tf
names = [name for name, facts in eelbert_tf.list_presets().items() if facts["pretrained"]]
answers = {"path": eelbert_tf.__file__, "names": names, "numbers": {}}
assert "keras" not in sys.modules
for name in names:
    predictor = eelbert_tf.load_predictor(name, runtime="litert")
    x = [("a fine film", "a film")] if predictor.pair else ["a fine film"]
    answers["numbers"][name] = predictor._run(x, predictor.output).size
    backbone = eelbert_tf.EelbertBackbone.from_preset(name)
x = [("a fine film", "a film")] if predictor.pair else ["a fine film"]
predictor = eelbert_tf.load_predictor(name)
answers["numbers"]["keras"] = predictor._run(x, predictor.output).size
for call in (eelbert_tf.EelbertBackbone.from_preset, eelbert_tf.load_predictor):
    try:
        call("no_such_model")
    except eelbert_tf.UserError as error:
        answers[call.__name__] = str(error)
try:
    eelbert_tf.load_predictor(names[0], "saved_model")
except eelbert_tf.UserError as error:
    answers["saved_model"] = str(error)
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def tree(embedder, exported, tmp_path_factory):
    """A copy of the source tree with a toy model more."""
    tree = copy_source_tree(tmp_path_factory.mktemp("tree"))
    toy = tree / "saved_models" / TOY
    embedder.save_to_preset(str(toy / "preset"))
    shutil.copytree(exported("embedder") / "saved_model", toy / "saved_model")
    for name in ("model.tflite", "model_int8.tflite"):
        shutil.copy(exported("embedder") / "model.tflite", toy / name)
    for name in ("command.json", "metrics.json", "README.md"):
        (toy / name).write_text("{}", encoding="utf-8")
    return tree


@pytest.fixture(scope="module")
def wheel(tree, tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    return build_wheel(tree, out, "--no-build-isolation", "--no-index")


def names_in_the_wheel():
    """The shipped models but for those that setup.cfg leaves in the repository."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    excluded = settings["options.exclude_package_data"]["eelbert_tf.saved_models"].split()
    excluded = {pattern.split("/")[0] for pattern in excluded}
    assert excluded < set(shipped_names())
    return [name for name in shipped_names() if name not in excluded]


def test_it_holds_what_is_needed_at_run_time_and_is_small(wheel, tree):
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.stat().st_size < LARGEST_WHEEL
    assert "eelbert_tf/hashing/characters_v1.tsv" in names
    assert "eelbert_tf/data/assistant/train.tsv" in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"eelbert_tf"}
    kept = {
        "preset",
        "model_int8.tflite",
        "README.md",
        "command.json",
        "labels.txt",
        "metrics.json",
    }
    for model in [*names_in_the_wheel(), TOY]:
        prefix = f"eelbert_tf/saved_models/{model}/"
        held = {name.removeprefix(prefix).split("/")[0] for name in names if prefix in name}
        assert kept - {"labels.txt"} <= held <= kept
    modules = {f"{path.relative_to(tree)}" for path in (tree / "eelbert_tf").rglob("*.py")}
    assert modules <= set(names)


def test_models_load_by_name_in_an_empty_directory(wheel, tmp_path):
    unpacked, empty = tmp_path / "unpacked", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(unpacked)
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": f"{unpacked}", "TF_CPP_MIN_LOG_LEVEL": "3"},
        cwd=empty,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    assert answers["path"].startswith(f"{unpacked}")
    assert answers["names"] == sorted([*names_in_the_wheel(), TOY])
    assert set(answers["numbers"]) == {*answers["names"], "keras"}
    assert all(answers["numbers"].values())
    assert f"a pretrained one of {', '.join(answers['names'])}" in answers["from_preset"]
    assert "Models that come with the package: " in answers["load_predictor"]
    assert "comes without saved_model. Write it by `eelbert export " in answers["saved_model"]
    assert not list(empty.iterdir())
