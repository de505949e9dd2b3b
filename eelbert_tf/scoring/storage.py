"""Files wherever Beam's workers find them: on a disk, or behind `gs://`, `s3://`, `hdfs://`."""

import contextlib
import io
import posixpath
import uuid

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems

from eelbert_tf.errors import UserError


def matching(pattern):
    """`FileMetadata` of the files that match a pattern, by their paths."""
    try:
        found = FileSystems.match([pattern])[0].metadata_list
    except BeamIOError as error:
        raise UserError(f"{pattern} cannot be listed: {_reason(error)}.") from error
    return sorted(found, key=lambda file: file.path)


def opened(path):
    """A file to read, as its bytes are.

    Raises:
        OSError: it cannot be read.
    """
    # Beam would take a compressed file that is cut short as whole.
    return FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)


def read_bytes(path):
    """All of a small file."""
    with opened(path) as file:
        return file.read()


@contextlib.contextmanager
def whole(path):
    """A file to write, which is there when all of it is, or not at all.

    Raises:
        UserError: it cannot be written.
    """
    temporary = f"{path}.{uuid.uuid4().hex}"
    try:
        make_directory(posixpath.dirname(path))
        with FileSystems.create(temporary, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            yield file
        FileSystems.rename([temporary], [path])
    except OSError as error:
        raise UserError(f"Could not write {path}: {_reason(error)}.") from error
    finally:
        remove(temporary)


def write_bytes(path, content):
    """Write a small file whole or not at all."""
    with whole(path) as file:
        file.write(content)


def append(path, file):
    """Copy the bytes of the file at `path` to the end of an open one."""
    with opened(path) as part:
        while block := part.read(io.DEFAULT_BUFFER_SIZE * 128):
            file.write(block)


def remove(path):
    """Remove a file, or a directory and all that is in it, if it is there."""
    if FileSystems.exists(path):
        FileSystems.delete([path])


def make_directory(path):
    """Make a directory and those above it, unless they are there."""
    # Two workers may make it at once.
    with contextlib.suppress(OSError):
        if path and not FileSystems.exists(path):
            FileSystems.mkdirs(path)


def _reason(error):
    """What the system says, in the words of the file system where Beam wraps it."""
    causes = getattr(error, "exception_details", None)
    cause = next(iter(causes.values())) if causes else error
    return getattr(cause, "strerror", None) or cause
