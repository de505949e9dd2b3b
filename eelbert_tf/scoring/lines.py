"""`Lines`: the lines of a file as a stream, and where each begins."""

import contextlib
import pathlib

from eelbert_tf.data.text_file import OPENERS
from eelbert_tf.scoring import storage

# What is longer is no row: one endless line must not fill the memory.
LONGEST_LINE = 1 << 24


class Lines:
    """An iterator over the lines of a UTF-8 file, plain or compressed, line feeds kept.

    A byte-order mark at the start is left out, and so are blank lines at the end of the file. Bytes
    that are not UTF-8 become lone surrogates, for `is_unicode` to find, and so does the whole of a
    line of more than `LONGEST_LINE` bytes.

    Args:
        path: str, as Beam's file systems take it.

    Attributes:
        too_long: set of int, the numbers of lines that were too long.
    """

    def __init__(self, path):
        self.path = path
        self.too_long = set()
        self._starts = {}
        self._lines = self._without_blank_end()

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._lines)

    def offset(self, number):
        """The byte in the uncompressed file where a line begins; ask in the order of the lines."""
        while (first := next(iter(self._starts))) < number:
            del self._starts[first]
        return self._starts[number]

    def _without_blank_end(self):
        blank = []
        for line in self._all():
            if not line.strip("\r\n"):
                blank.append(line)
                continue
            yield from blank
            blank.clear()
            yield line

    def _all(self):
        number, offset = 0, 0
        with decompressed(self.path) as file:
            while line := file.readline(LONGEST_LINE):
                number += 1
                self._starts[number] = offset
                offset += len(line)
                text = line.decode("utf-8", "surrogateescape")
                if len(line) == LONGEST_LINE and line[-1:] != b"\n":
                    self.too_long.add(number)
                    offset += _skip_line(file)
                    text = "\udcff\n"
                yield text.removeprefix("\ufeff") if number == 1 else text


def _skip_line(file):
    """Read to the end of a line; returns the bytes."""
    size = 0
    while part := file.readline(LONGEST_LINE):
        size += len(part)
        if part.endswith(b"\n"):
            break
    return size


@contextlib.contextmanager
def decompressed(path):
    """A file to read, decompressed where its ending says so."""
    opener = OPENERS.get(pathlib.PurePosixPath(path).suffix.lower())
    with storage.opened(path) as file:
        if opener is None:
            yield file
        else:
            with opener(file, "rb") as plain:
                yield plain
