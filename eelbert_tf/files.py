"""Writing files and directories so that the old ones survive whatever goes wrong."""

import contextlib
import os
import pathlib
import shutil
import tempfile

from eelbert_tf.errors import UserError

# What directories hold that may be replaced: a model, a SavedModel, a preset.
_MARKS = ("command.json", "saved_model.pb", "model.weights.h5")


def check_free(path, overwrite, directory=None):
    """Raise where nothing may be written, or what stands at `path` may not be replaced.

    Args:
        path: str or path.
        overwrite: bool. Whether a file or a directory with a model may be replaced.
        directory: bool or None. Whether a directory is to be written, or a file, where known.

    Raises:
        UserError: it exists; it is of the other kind or holds other things than a model; or
            nothing can be written there.
    """
    path = pathlib.Path(path)
    if not path.exists():
        parent = next(parent for parent in path.absolute().parents if parent.exists())
        if not parent.is_dir() or not os.access(parent, os.W_OK):
            reason = "is not writable" if parent.is_dir() else "is not a directory"
            raise UserError(f"Could not write {path}: {parent} {reason}. Name another path.")
        return
    if not overwrite:
        raise UserError(
            f"{path} exists already. Name another path, or allow replacing it (--overwrite)."
        )
    if path.is_dir() and any(path.iterdir()) and not any((path / m).exists() for m in _MARKS):
        raise UserError(
            f"{path} holds other things than a model, so it is not replaced. Name another path."
        )
    if directory is not None and directory != path.is_dir():
        kinds = {True: "a directory", False: "a file"}
        raise UserError(
            f"{path} must be {kinds[directory]}, for {kinds[directory]} to replace it. "
            f"It is {kinds[path.is_dir()]}: name another path."
        )


def check_room(directory, size):
    """Raise where `size` bytes do not fit: HDF5 brings the process down on a full disk.

    Raises:
        OSError: they do not fit.
    """
    if hasattr(os, "posix_fallocate"):  # Linux
        with tempfile.TemporaryFile(dir=directory) as file:
            os.posix_fallocate(file.fileno(), 0, size)


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
    check_free(path, overwrite)
    path = pathlib.Path(path).resolve()  # a link stays: what it leads to is replaced
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        room = pathlib.Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise UserError(f"Could not write {path}: {error.strerror or error}.") from error
    new, old = room / path.name, room / f"{path.name}.old"
    try:
        yield new
        check_free(path, overwrite, new.is_dir())
        if path.is_dir():
            os.replace(path, old)
        os.replace(new, path)
    except OSError as error:
        raise UserError(f"Could not write {path}: {error.strerror or error}.") from error
    finally:
        if old.exists() and not path.exists():
            os.replace(old, path)
        shutil.rmtree(room, ignore_errors=True)
