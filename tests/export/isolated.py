"""Runs code in a process where given packages cannot be imported."""

import subprocess
import sys

_BLOCKER = """
import importlib.machinery
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec):
        raise ImportError(spec.name + " is blocked")

sys.meta_path.insert(0, Blocker())
"""


def run_isolated(code, *arguments, blocked, folder):
    """What the code prints.

    Args:
        code: str, Python.
        *arguments: its `sys.argv[1:]`.
        blocked: names of packages.
        folder: path, the working directory, away from this repository.
    """
    done = subprocess.run(
        [sys.executable, "-c", _BLOCKER.format(blocked=set(blocked)) + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
