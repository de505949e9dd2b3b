"""Text files, plain or compressed, as one string."""

import contextlib
import gzip
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path

from eelbert_tf.errors import UserError

OPENERS = {".gz": gzip.open, ".xz": lzma.open}


def read_text(path: Path) -> str:
    r"""Reads a UTF-8 file, decompressing `.gz` and `.xz`.

    A byte-order mark at the start and line breaks at the end are left out. Bytes that are not
    UTF-8 become lone surrogates, for `is_unicode` to find in the row they are in.

    Raises:
        UserError: when the file cannot be read or is cut short.

    Example:
        >>> Path("films.tsv").write_bytes(b"label\ttext\r\ngood\tfine\r\n")
        >>> read_text(Path("films.tsv"))
        'label\ttext\r\ngood\tfine'
    """
    with readable(path), OPENERS.get(path.suffix.lower(), open)(path, "rb") as file:
        content = file.read()
    return content.decode("utf-8", "surrogateescape").removeprefix("\ufeff").rstrip("\r\n")


@contextlib.contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turns what reading a plain or compressed file may raise into one clear line.

    Raises:
        UserError: when the file cannot be read or is cut short.
    """
    try:
        yield
    except EOFError:
        raise UserError(f"{path} is cut short: its compressed data has no end.") from None
    except (gzip.BadGzipFile, lzma.LZMAError, zlib.error) as error:
        raise UserError(f"{path} is not a sound {path.suffix} file: {error}.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from None


def is_unicode(text: str) -> bool:
    """Whether `text` can be written as UTF-8: it holds no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_header(path: Path, header: str) -> None:
    """Raises UserError unless the header is Unicode: without it no row can be read."""
    if not is_unicode(header):
        raise UserError(f"{path}, line 1: the header is not UTF-8. Save the file as UTF-8.")
