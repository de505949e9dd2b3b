"""Exact de-duplication of documents by 128-bit hashes, in bounded memory."""

import contextlib
import hashlib
import sqlite3

from eelbert_tf.errors import UserError

CACHE_KIBIBYTES = 65_536


def document_digest(paragraphs):
    """16 bytes: the same of equal documents; of two different ones once in 2 ** 128.

    Args:
        paragraphs: list of str.
    """
    return hashlib.blake2b("\n".join(paragraphs).encode("utf-8"), digest_size=16).digest()


class DistinctDigests(contextlib.closing):
    """Digests that were seen, in a temporary file: memory does not grow with them.

    Example:

    ```python
    with DistinctDigests() as distinct:
        distinct.add(document_digest(["one"]))  # True
        distinct.add(document_digest(["one"]))  # False
    ```
    """

    def __init__(self):
        # The empty name is that of a temporary file, which ends with the connection.
        self._connection = sqlite3.connect("")
        super().__init__(self._connection)
        self._connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY) WITHOUT ROWID")

    def __enter__(self):
        return self

    def add(self, digest):
        """Note a digest; returns whether it is new.

        Raises:
            UserError: the disk is full.
        """
        try:
            new = self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?)", (digest,))
        except sqlite3.Error as error:
            raise UserError(
                f"Could not note which documents were read: {error}. Make room for temporary "
                "files, or name another place for them by TMPDIR."
            ) from error
        return new.rowcount == 1
