"""The texts of examples as sequences of numbered words, in memory."""

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.hashing import packing
from eelbert_tf.hashing.splitting import split_words


class TextRows:
    """What `Shards` is to a corpus: one shard that holds a sequence a row.

    Rows without words are left out.

    Args:
        examples: `Examples`; the two texts of a pair make one sequence, the number behind those of
            all words between them.
        max_words: int. Words of a row; what is behind is left out, of a pair the longer text first.

    Raises:
        UserError: there is no word in them.

    Example:

    >>> rows = TextRows(Examples(["a film", "a"], ["a book", ""], None, "films.tsv"), max_words=8)
    >>> rows.load(0)
    (array([0, 1, 3, 0, 2, 0, 3], dtype=uint32), array([5, 7], dtype=uint32))
    """

    def __init__(self, examples, max_words):
        numbers, columns = {}, []
        for column in (examples.texts, examples.text_pairs):
            rows = [split_words(text) for text in column or []]
            columns.append([[numbers.setdefault(w, len(numbers)) for w in row] for row in rows])
        counts = [np.array([len(row) for row in column], "int32") for column in columns]
        texts, pairs = columns
        cuts = packing.truncated_counts(counts[0], counts[1] if pairs else None, max_words)
        rows = [row[: int(cut)] for row, cut in zip(texts, cuts[0])]
        if pairs:
            seconds = [row[: int(cut)] for row, cut in zip(pairs, cuts[1])]
            rows = [a + [len(numbers)] + b for a, b in zip(rows, seconds)]
        rows = [row for row in rows if row]
        if not numbers:
            raise UserError(f"Texts must hold words. Received: none in {examples.source}.")
        self._words = list(numbers)
        self._flat = np.array([number for row in rows for number in row], "uint32")
        self._ends = np.cumsum([len(row) for row in rows]).astype("uint32")

    def __len__(self):
        return 1

    def words(self):
        """`(words, counts)`, as `Shards.words` gives them, in the order of their coming."""
        return self._words, np.bincount(self._flat, minlength=len(self._words))

    def load(self, index):
        """The shard: `(words, ends)`, uint32 arrays."""
        return self._flat, self._ends
