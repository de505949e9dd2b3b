"""A copy of what packages are built from: `pip wheel` leaves a `build` folder where it works."""

import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[1]
_FILES = ("setup.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def copy_source_tree(directory):
    """Copy the package, the shipped models and the files that describe them."""
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
