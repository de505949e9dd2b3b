"""Numbers of words to the inputs of an encoder, hashed words or WordPieces."""

import numpy as np

from eelbert_tf.hashing import packing
from eelbert_tf.hashing.distinct_words import bucket_signatures, hash_words


class HashedInputs:
    """Inputs of an `EelbertBackbone`: the vector of each distinct word is computed once.

    Args:
        backbone: `EelbertBackbone`.
        words: list of str, the words of the shards.

    Attributes:
        mask_number: int, the number that stands for `[MASK]` among words.
        cls, sep, pad: int, the rows of the special tokens.
    """

    def __init__(self, backbone, words):
        self.mask_number = len(words)
        self.cls, self.sep, self.pad = (self.mask_number + place for place in (1, 2, 3))
        config = backbone.hash_config
        special = packing.special_vectors(config)
        rows = [hash_words(words, config), special[[packing.MASK, packing.CLS, packing.SEP]]]
        self._vectors = np.concatenate([*rows, special[[packing.PAD]]])
        self._ngrams = None
        if config.bucket_orders:
            ngrams = bucket_signatures(words, config)
            self._ngrams = np.pad(ngrams, [(0, len(self._vectors) - len(ngrams)), (0, 0)])

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

    def of_rows(self, rows, mask, segment_ids):
        """The encoder's inputs of rows, special ones included, `(batch, length)`."""
        inputs = {
            "word_vectors": self._vectors[rows],
            "padding_mask": mask,
            "segment_ids": segment_ids,
        }
        if self._ngrams is not None:
            inputs["ngram_signatures"] = self._ngrams[rows]
        return inputs


class PieceInputs:
    """Inputs of KerasHub's `BertBackbone`: each word is cut into its WordPieces.

    Args:
        table: `WordPieceTable` of the words of the shards.
        length: int. Pieces behind these, special ones included, are left out.
    """

    def __init__(self, table, length=512):
        self.table, self.length = table, length
        self.mask_number = table.add([table.mask])
        self.cls, self.sep, self.pad = table.cls, table.sep, table.pad

    def __call__(self, numbers):
        """See `HashedInputs`; `word_index` tells the word of each piece."""
        counts = (numbers >= 0).sum(axis=1)
        cut = [self.table.pieces(row[:count]) for row, count in zip(numbers, counts)]
        longest = max(len(pieces) for pieces, _ in cut)
        longest = min(-(-(longest + 2) // 8) * 8, self.length)
        pieces = np.full((len(cut), longest - 2), -1, "int32")
        words = np.full((len(cut), longest), -1, "int32")
        for row, (own, sizes) in enumerate(cut):
            own = own[: longest - 2]
            pieces[row, : len(own)] = own
            words[row, 1 : len(own) + 1] = np.repeat(np.arange(len(sizes)), sizes)[: len(own)]
        rows, _, mask = framed(pieces, self.cls, self.sep, self.pad)
        return self.of_rows(rows, mask, np.zeros(rows.shape, "int32")), words

    def rows(self, numbers):
        """See `HashedInputs.rows`: the pieces of the words."""
        return self.table.pieces(numbers)

    def of_rows(self, rows, mask, segment_ids):
        """See `HashedInputs.of_rows`."""
        return {"token_ids": rows, "padding_mask": mask, "segment_ids": segment_ids}


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
