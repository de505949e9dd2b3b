"""Words of shards as the WordPieces of a BERT, each word cut once."""

import numpy as np

_CHUNK = 50_000


class WordPieceTable:
    """The pieces of every word.

    Args:
        tokenizer: `keras_hub.models.BertTokenizer`.
        words: list of str.

    Attributes:
        cls, sep, mask, pad: int, the special pieces.

    Example:

    ```python
    pieces, counts = WordPieceTable(tokenizer, ["the", "cats"]).pieces([1, 0])
    ```
    """

    def __init__(self, tokenizer, words):
        self.cls, self.sep = tokenizer.cls_token_id, tokenizer.sep_token_id
        self.mask, self.pad = tokenizer.mask_token_id, tokenizer.pad_token_id
        unknown = tokenizer.token_to_id("[UNK]")
        parts, counts = [], []
        for start in range(0, len(words), _CHUNK):
            # A word that the tokenizer drops, such as a control mark, is an unknown one.
            pieces = [list(row) or [unknown] for row in tokenizer(words[start : start + _CHUNK])]
            parts.append(np.array([piece for row in pieces for piece in row], "int32"))
            counts.append(np.array([len(row) for row in pieces], "int32"))
        self._flat = np.concatenate(parts)
        self._counts = np.concatenate(counts)
        self._starts = np.cumsum(self._counts) - self._counts

    def pieces(self, numbers):
        """The pieces of a sequence of words, and how many each word has: two int32 arrays."""
        counts = self._counts[numbers]
        behind = np.cumsum(counts)
        index = np.arange(behind[-1]) + np.repeat(self._starts[numbers] - behind + counts, counts)
        return self._flat[index], counts

    def append(self, other, offset):
        """Add the words of another table, whose pieces are raised by a number.

        Returns:
            The number of the first of them; the others follow.
        """
        first = len(self._counts)
        self._starts = np.append(self._starts, other._starts + np.int64(len(self._flat)))
        self._flat = np.append(self._flat, other._flat + np.int32(offset))
        self._counts = np.append(self._counts, other._counts)
        return first

    def add(self, pieces):
        """Add a word that is made of given pieces; returns its number."""
        self._flat = np.append(self._flat, np.array(pieces, "int32"))
        self._counts = np.append(self._counts, np.int32(len(pieces)))
        self._starts = np.append(self._starts, len(self._flat) - len(pieces))
        return len(self._counts) - 1
