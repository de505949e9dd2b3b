"""Writing files and directories so that the old ones survive whatever goes wrong."""

import contextlib
import os
import pathlib
import shutil
import tempfile

from eelbert_tf.errors import UserError


def check_free(path, overwrite):
    """Raise where something stands at `path` that may not be replaced.

    Raises:
        UserError: it exists.
    """
    if pathlib.Path(path).exists() and not overwrite:
        raise UserError(
            f"{path} exists already. Name another path, or allow replacing it (--overwrite)."
        )


@contextlib.contextmanager
def replaced(path, overwrite=False):
    """A temporary path beside `path`, which takes its place when the block ends well.

    The block makes a file or a directory there. On any error or interrupt the temporary one is
    removed and what was at `path` stays.

    Args:
        path: str or path.
        overwrite: bool. Whether something at `path` may be replaced.

    Raises:
        UserError: `path` exists and may not be replaced, or it cannot be written (a full disk,
            no permission).
    """
    path = pathlib.Path(path)
    check_free(path, overwrite)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        room = pathlib.Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise UserError(f"Could not write {path}: {error.strerror or error}.") from error
    try:
        yield room / path.name
        if path.is_dir() and not path.is_symlink():
            os.replace(path, room / "old")
        os.replace(room / path.name, path)
    except OSError as error:
        if (room / "old").exists() and not path.exists():
            os.replace(room / "old", path)
        raise UserError(f"Could not write {path}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(room, ignore_errors=True)
