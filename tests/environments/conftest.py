"""Environments that hold one thing alone, made anew by pip; and a model to try in them."""

import json
import subprocess
import sys

import pytest

from tests.environments import node


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """A function from pip's arguments to the Python of a new environment with only these."""

    def make(*requirements):
        directory = tmp_path_factory.mktemp("environment")
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
        python = directory / "bin/python"
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, *requirements], check=True, cwd=directory)
        return python

    return make


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """A small trained model directory, and what Keras answers to some texts."""
    from eelbert_tf.data.examples import Examples
    from eelbert_tf.models import EelbertBackbone
    from eelbert_tf.runtimes.load import load_predictor
    from eelbert_tf.training.fine_tune import fine_tune
    from eelbert_tf.training.model_directory import write_model_directory

    directory = tmp_path_factory.mktemp("model")
    EelbertBackbone(num_layers=1, num_heads=2, hidden_dim=16, intermediate_dim=32).save_to_preset(
        str(directory / "preset")
    )
    rows = Examples(["good film", "bad film", "fine", "awful"] * 8, None, ["1", "0"] * 16, "rows")
    task = fine_tune(rows, directory / "preset", epochs=2, max_words=16, verbose=0)
    path = directory / "trained"
    write_model_directory(task, rows, rows, "rows", {"seed": 0}, path)
    texts = ["a good film", "Ünïcödé тест 漢字 🙏", "", "don't " * 40]
    return path, texts, load_predictor(path).predict_proba(texts)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """An installed copy of the folder of scripts that drive Chromium."""
    return node.install(node.BROWSER, tmp_path_factory.mktemp("node"))


def installed(python):
    """Names of the packages of an environment."""
    pip = [python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"]
    done = subprocess.run(pip, capture_output=True, check=True)
    return {package["name"] for package in json.loads(done.stdout)}


def run_python(python, code, *arguments, cwd):
    """Run code in an environment, warnings as errors where it says so; its standard output."""
    done = subprocess.run(
        [python, "-c", code, *map(str, arguments)], capture_output=True, text=True, cwd=cwd
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
