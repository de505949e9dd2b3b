"""What teacher and student read of rows of numbered words, and which places belong together."""

import numpy as np

from eelbert_tf.hashing import packing
from eelbert_tf.pretraining.word_inputs import (
    HashedInputs,
    PieceInputs,
    framed,
    in_rows,
    looked_up,
    piece_places,
)
from eelbert_tf.pretraining.word_piece_table import WordPieceTable


class Reading:
    """The inputs of an encoder, made of rows of numbered words.

    Args:
        encoder: `EncoderPreset`.
        words: list of str. In a row, the number behind the last of them parts the two texts of a
            pair.
        as_rows: bool. Whether batches hold rows of `tables`, and those of as many words have the
            same shape; see `HashedInputs` and `PieceInputs`.

    Attributes:
        tables: dict of arrays by the name of an input.
        length: int. Places of the longest row; what is behind is left out.
        tokens: what stands at a place. Encoders for which it is equal read the same.
        mask_number: int, as `Examples` asks for it.
    """

    def __init__(self, encoder, words, as_rows=False):
        self.length = encoder.backbone.max_sequence_length
        self._separator = self.mask_number = len(words)
        self._inputs, tokenizer = _inputs(encoder, words, as_rows)
        self.as_rows, self.tables = as_rows, self._inputs.tables if as_rows else {}
        self.tokens = "words"
        if tokenizer is not None:
            rows, counts = self._inputs.rows(np.arange(len(words)))
            first = rows.min()  # these may be counted from another row
            self.tokens = (*tokenizer.get_vocabulary(), (rows - first).tobytes(), counts.tobytes())

    def __call__(self, numbers):
        """Encode a batch.

        Args:
            numbers: int32 `(batch, length)`, -1 behind the last word.

        Returns:
            `(inputs, word_index)`; see `HashedInputs`.
        """
        rows, word_index, segments, sizes = self._flat(numbers)
        longest = sizes.max() + 2
        if self.as_rows:
            longest = self._inputs.places(numbers.shape[1])
        longest = min(longest, self.length)
        inner = in_rows(rows, sizes, longest - 2)
        words = in_rows(word_index, sizes, longest - 2)
        words = np.pad(words, [(0, 0), (1, 1)], constant_values=-1)
        # The last [SEP] of a row that is cut has the segment it cut.
        own = np.pad(in_rows(segments, sizes, longest - 1), [(0, 0), (1, 0)]).clip(0)
        whole = np.flatnonzero(sizes <= longest - 2)
        own[whole, sizes[whole] + 1] = (numbers[whole] == self._separator).sum(axis=1)
        special = self._inputs.cls, self._inputs.sep, self._inputs.pad
        framed_rows, _, mask = framed(inner, *special)
        return self._inputs.of_rows(framed_rows, mask, own), words

    def _flat(self, numbers):
        """What stands between `[CLS]` and the last `[SEP]`, row after row.

        Returns:
            `(rows, word_index, segments, sizes)`: int32 arrays, a place each; and the places of
            each row.
        """
        of_row, of_word = np.nonzero(numbers >= 0)
        values = numbers[of_row, of_word]
        parts = values == self._separator
        own, own_counts = self._inputs.rows(values[~parts])
        counts = np.ones(len(values), "int32")
        counts[~parts] = own_counts
        rows = np.full(counts.sum(), self._inputs.sep, "int32")
        rows[np.repeat(~parts, counts)] = own
        before = np.cumsum(parts) - parts
        first = np.searchsorted(of_row, of_row)  # of the same row
        segments = np.repeat(before - before[first], counts)
        sizes = np.bincount(np.repeat(of_row, counts), minlength=len(numbers))
        return rows, np.repeat(np.where(parts, -1, of_word), counts), segments, sizes


def word_means(word_index, count):
    """What averages the places of each word.

    Args:
        word_index: int32 `(batch, places)`, which word stands at each place, -1 where none does.
        count: int. Words of the longest row.

    Returns:
        float32 `(batch, 1 + count, places)`: the first row takes the first place, `[CLS]`; then one
        a word, zeros for a word that stands nowhere.

    Example:

    >>> word_means(np.array([[-1, 0, 0, -1]]), 2)[0]
    array([[1. , 0. , 0. , 0. ],
           [0. , 0.5, 0.5, 0. ],
           [0. , 0. , 0. , 0. ]], dtype=float32)
    """
    stands = word_index[:, None, :] == np.arange(-1, count)[None, :, None]
    stands[:, 0] = np.arange(word_index.shape[1]) == 0
    return (stands / np.maximum(1, stands.sum(axis=2, keepdims=True))).astype("float32")


def _inputs(encoder, words, as_rows):
    """What makes an encoder's inputs, and its tokenizer, None where it reads words."""
    import keras_hub

    from eelbert_tf.models import EelbertPreprocessor

    tokenizer = encoder.tokenizer
    if not isinstance(tokenizer, EelbertPreprocessor):
        return PieceInputs(WordPieceTable(tokenizer, words), as_rows=as_rows), tokenizer
    preprocessor, tokenizer = tokenizer, tokenizer.tokenizer
    if tokenizer is None:
        return HashedInputs(encoder.backbone, words, as_rows), None
    named = keras_hub.models.BertTokenizer(  # knows its special pieces by name
        tokenizer.get_vocabulary(),
        lowercase=tokenizer.lowercase,
        strip_accents=tokenizer.strip_accents,
    )
    return _HashedPieces(preprocessor, WordPieceTable(named, words), as_rows), tokenizer


class _HashedPieces:
    """Inputs of an `EelbertBackbone` that reads WordPieces; see `HashedInputs`."""

    pad, cls, sep = packing.PAD, packing.CLS, packing.SEP

    def __init__(self, preprocessor, table, as_rows):
        self.tables = {"word_vectors": preprocessor.piece_table()}
        self._table, self._as_rows = table, as_rows

    def rows(self, numbers):
        pieces, counts = self._table.pieces(numbers)
        return pieces + packing.MASK + 1, counts

    def of_rows(self, rows, mask, segment_ids):
        inputs = {"word_vectors": rows, "padding_mask": mask, "segment_ids": segment_ids}
        return inputs if self._as_rows else looked_up(self.tables, inputs)

    def places(self, words):
        return piece_places(words)
