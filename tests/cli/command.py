"""The command line as the tests call it: in this process, or in one of its own."""

import contextlib
import dataclasses
import io
import json
import os
import subprocess
import sys
from unittest import mock

from eelbert_tf.cli.main import main

# A shell may start the tests with interrupts ignored, which children inherit.
_PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from eelbert_tf.cli.main import main; sys.exit(main())"
)


@dataclasses.dataclass
class Result:
    """What a command left: exit status, standard output and standard error."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        """The last line of standard output."""
        return json.loads(self.out.splitlines()[-1])


def eelbert(*arguments, stdin=b""):
    """Run a command in this process, on bytes as standard input; returns a `Result`."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    typed = mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    with typed, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as exit:
            status = exit.code
    for stream in (out, err):
        stream.flush()
    return Result(status, *(stream.buffer.getvalue().decode("utf-8") for stream in (out, err)))


def succeeded(*arguments, stdin=b""):
    """Run a command that must end well; returns its `Result`."""
    result = eelbert(*arguments, stdin=stdin)
    assert (result.status, result.err) == (0, "")
    return result


def refused(*arguments, saying, folder=None, stdin=b""):
    """Run a command that must end in one line of error with `saying` in it.

    Where `folder` is given, the command must leave it as it was.
    """
    before = names_in(folder)
    result = eelbert(*arguments, stdin=stdin)
    assert result.status == 1
    assert_one_error(result.err, saying)
    assert names_in(folder) == before
    return result


def assert_one_error(err, saying):
    assert err.startswith("eelbert: error: ")
    assert err.count("\n") == 1
    assert "unexpected" not in err
    assert saying in err


def names_in(folder):
    """All that is in a folder, hidden or not, with the time of its last change."""
    if folder is None:
        return None
    return {(str(path), path.stat().st_mtime_ns) for path in folder.rglob("*")}


def process(*arguments, **options):
    """Start a command in a process of its own, its output in pipes unless told otherwise."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    command = [sys.executable, "-c", _PROGRAM, *map(str, arguments)]
    # As a user's shell has it: nothing about TensorFlow's log is set.
    environment = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.Popen(command, env=environment, text=True, **options)
