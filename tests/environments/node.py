"""Node.js packages, installed into a copy of their folder; scripts that drive Chromium."""

import json
import os
import shutil
import subprocess
import sys

from tests.source_tree import ROOT

WEB = ROOT / "examples/web"
BROWSER = ROOT / "tests/environments/browser"
_MODEL = ROOT / "saved_models/eelbert_plus_sst2/model_int8.tflite"


def install(folder, directory):
    """Copy a folder with its `package-lock.json`, and install what that names.

    Returns:
        The path of the copy.
    """
    ignored = shutil.ignore_patterns("node_modules", "dist")
    copy = shutil.copytree(folder, directory / folder.name, ignore=ignored)
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=copy,
        check=True,
        capture_output=True,
        text=True,
    )
    return copy


def build_page(web, model=_MODEL):
    """Build the page of an installed copy of examples/web; returns the folder to serve."""
    subprocess.run(["node", "build.mjs", model], cwd=web, check=True, capture_output=True)
    return web / "dist"


def run_script(browser, name, *arguments, given=None):
    """Run a script of an installed copy of tests/environments/browser.

    Args:
        browser: path of the copy.
        name: file name.
        *arguments: its arguments.
        given: what it reads as JSON from standard input.

    Returns:
        What it printed as JSON.
    """
    done = subprocess.run(
        ["node", browser / name, *map(str, arguments)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHON": sys.executable},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def code_units(text):
    """UTF-16 code units, as JavaScript counts; lone surrogates stay."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)]
