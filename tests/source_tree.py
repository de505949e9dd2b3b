"""The repository's files: scripts of benchmarks/, and a copy of what packages are built from."""

import contextlib
import importlib
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]
_FILES = ("setup.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


@contextlib.contextmanager
def benchmark_script(name):
    """A script of benchmarks/ as a module; within the block it finds those beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        yield importlib.import_module(name)


def copy_source_tree(directory):
    """Copy the package, the shipped models and the files that describe them.

    `pip wheel` leaves a `build` folder where it works.
    """
    for name in _FILES:
        shutil.copy(ROOT / name, directory)
    for name in ("eelbert_tf", "saved_models"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, directory / name, ignore=ignored)
    return directory


def build_wheel(tree, out, *options):
    """The path of the wheel of a tree, written to `out`."""
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, *options, "-w", out, tree], check=True)
    return next(out.glob("eelbert_tf-*.whl"))
