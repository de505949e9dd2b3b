"""Numbers of words to the inputs of an encoder, hashed words or WordPieces."""

import numpy as np

from eelbert_tf.hashing import packing
from eelbert_tf.hashing.distinct_words import bucket_signatures, hash_words


class HashedInputs:
    """Inputs of an `EelbertBackbone`: the vector of each distinct word is computed once.

    Args:
        backbone: `EelbertBackbone`.
        words: list of str, the words of the shards.
        as_rows: bool. Whether batches hold rows of `tables` in place of what stands there.

    Attributes:
        mask_number: int, the number that stands for `[MASK]` among words.
        cls, sep, pad: int, the rows of the special tokens.
        tables: dict of arrays by the name of an input, a row for each word.
    """

    def __init__(self, backbone, words, as_rows=False):
        self.as_rows = as_rows
        self.mask_number = len(words)
        self.cls, self.sep, self.pad = (self.mask_number + place for place in (1, 2, 3))
        config = backbone.hash_config
        special = packing.special_vectors(config)
        rows = [hash_words(words, config), special[[packing.MASK, packing.CLS, packing.SEP]]]
        vectors = np.concatenate([*rows, special[[packing.PAD]]])
        self.tables = {"word_vectors": vectors}
        if config.bucket_orders:
            ngrams = bucket_signatures(words, config)
            ngrams = np.pad(ngrams, [(0, len(vectors) - len(ngrams)), (0, 0)])
            self.tables["ngram_signatures"] = ngrams

    def __call__(self, numbers):
        """Encode a batch.

        Args:
            numbers: int32 `(batch, length)`, -1 behind the last word.

        Returns:
            `(inputs, word_index)`: a dict of arrays `(batch, length + 2, ...)`, and int32
            `(batch, length + 2)`, which word stands at each place, -1 where none does.
        """
        rows, word_index, mask = framed(numbers, self.cls, self.sep, self.pad)
        return self.of_rows(rows, mask, np.zeros(rows.shape, "int32")), word_index

    def rows(self, numbers):
        """The rows of a sequence of words, and how many each word has: two int32 arrays."""
        return np.asarray(numbers, "int32"), np.ones(len(numbers), "int32")

    def places(self, words):
        """Places of a row of so many words, where batches of as many have the same shape."""
        return words + 2

    def of_rows(self, rows, mask, segment_ids):
        """The encoder's inputs of rows, special ones included, `(batch, length)`."""
        inputs = dict.fromkeys(self.tables, rows)
        inputs.update(padding_mask=mask, segment_ids=segment_ids)
        return inputs if self.as_rows else looked_up(self.tables, inputs)


class PieceInputs:
    """Inputs of KerasHub's `BertBackbone`: each word is cut into its WordPieces.

    Args:
        table: `WordPieceTable` of the words of the shards.
        length: int. Pieces behind these, special ones included, are left out.
        as_rows: bool. Whether batches of as many words have the same shape, which leaves room for
            half as many pieces more, and 8.
    """

    tables = {}

    def __init__(self, table, length=512, as_rows=False):
        self.table, self.length, self.as_rows = table, length, as_rows
        self.mask_number = table.add([table.mask])
        self.cls, self.sep, self.pad = table.cls, table.sep, table.pad

    def __call__(self, numbers):
        """See `HashedInputs`; `word_index` tells the word of each piece."""
        of_row, of_word = np.nonzero(numbers >= 0)
        cut, counts = self.table.pieces(numbers[of_row, of_word])
        of_row, of_word = np.repeat(of_row, counts), np.repeat(of_word, counts)
        sizes = np.bincount(of_row, minlength=len(numbers))
        longest = self.places(numbers.shape[1]) if self.as_rows else _eighths(sizes.max() + 2)
        longest = min(longest, self.length)
        pieces, words = (in_rows(column, sizes, longest - 2) for column in (cut, of_word))
        words = np.pad(words, [(0, 0), (1, 1)], constant_values=-1)
        rows, _, mask = framed(pieces, self.cls, self.sep, self.pad)
        return self.of_rows(rows, mask, np.zeros(rows.shape, "int32")), words

    def rows(self, numbers):
        """See `HashedInputs.rows`: the pieces of the words."""
        return self.table.pieces(numbers)

    def places(self, words):
        """See `HashedInputs.places`."""
        return piece_places(words)

    def of_rows(self, rows, mask, segment_ids):
        """See `HashedInputs.of_rows`."""
        return {"token_ids": rows, "padding_mask": mask, "segment_ids": segment_ids}


def piece_places(words):
    """Places of a row of so many words as WordPieces: half as many more, and 8."""
    return _eighths(words * 3 // 2 + 10)


def _eighths(places):
    return -(-places // 8) * 8


def in_rows(column, sizes, length):
    """Cut one long column into rows, filled up by -1.

    Args:
        column: int array `(places,)`, one row behind the other.
        sizes: int array, the places of each row.
        length: int. What is behind is left out.

    Returns:
        int32 `(rows, length)`.

    Example:

    >>> in_rows([5, 6, 7, 8], [3, 1], 2)
    array([[ 5,  6],
           [ 8, -1]], dtype=int32)
    """
    sizes = np.asarray(sizes)
    place = np.arange(len(column)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    kept = place < length
    rows = np.full((len(sizes), length), -1, "int32")
    rows[np.repeat(np.arange(len(sizes)), sizes)[kept], place[kept]] = np.asarray(column)[kept]
    return rows


def looked_up(tables, arrays):
    """A dict of arrays in which rows of tables are replaced by what stands there."""
    return {name: tables[name][a] if name in tables else a for name, a in arrays.items()}


def row_length(backbone, row_words=None):
    """The places of a row of WordPieces; pieces behind these are left out.

    Args:
        backbone: `keras_hub.models.BertBackbone` or `CompactBertBackbone`.
        row_words: int or None. Words of a row that is filled: it has an eighth more pieces or so.
            None: rows are as long as the encoder can read.
    """
    longest = backbone.max_sequence_length
    return min(row_words + row_words // 8 + 2, longest) if row_words else longest


def framed(numbers, cls, sep, pad):
    """Put special tokens around sequences.

    Args:
        numbers: int32 `(batch, length)`, -1 behind the last.
        cls, sep, pad: int.

    Returns:
        `(numbers, word_index, mask)`, each `(batch, length + 2)`: `[CLS] ... [SEP] [PAD]...`; which
        of the given numbers stands at each place, -1 for special tokens; true but for padding.
    """
    batch, length = numbers.shape
    counts = (numbers >= 0).sum(axis=1)[:, None]
    places = np.arange(-1, length + 1)[None, :]
    inside = (places >= 0) & (places < counts)
    padded = np.pad(numbers, [(0, 0), (1, 1)])
    special = np.where(places < 0, cls, np.where(places == counts, sep, pad))
    framed = np.where(inside, padded, special)
    word_index = np.where(inside, places, -1).astype("int32")
    return framed.astype("int32"), word_index, places <= counts
