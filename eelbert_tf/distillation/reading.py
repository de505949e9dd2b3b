"""What teacher and student read of rows of numbered words, and which places belong together."""

import numpy as np

from eelbert_tf.hashing import packing
from eelbert_tf.pretraining.word_inputs import HashedInputs, PieceInputs
from eelbert_tf.pretraining.word_piece_table import WordPieceTable


class Reading:
    """The inputs of an encoder, made of rows of numbered words.

    Args:
        encoder: `EncoderPreset`.
        words: list of str. In a row, the number behind the last of them parts the two texts of a
            pair.

    Attributes:
        length: int. Places of the longest row; what is behind is left out.
        tokens: what stands at a place. Encoders for which it is equal read the same.
        mask_number: int, as `Examples` asks for it.
    """

    def __init__(self, encoder, words):
        self.length = encoder.backbone.max_sequence_length
        self._separator = self.mask_number = len(words)
        self._inputs, tokenizer = _inputs(encoder, words)
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
        parts = [self._row(row[row >= 0]) for row in numbers]
        longest = max(len(rows) for rows, _, _ in parts)
        shape = len(parts), longest
        rows = np.full(shape, self._inputs.pad, "int32")
        word_index, segments = np.full(shape, -1, "int32"), np.zeros(shape, "int32")
        mask = np.zeros(shape, bool)
        for place, own in enumerate(parts):
            count = len(own[0])
            rows[place, :count], word_index[place, :count], segments[place, :count] = own
            mask[place, :count] = True
        return self._inputs.of_rows(rows, mask, segments), word_index

    def _row(self, numbers):
        """`[CLS] a [SEP]` or `[CLS] a [SEP] b [SEP]`: rows, the word and the segment of each."""
        rows, words, segments = [self._inputs.cls], [-1], [0]
        [ends] = np.nonzero(numbers == self._separator)
        starts = [0, *(ends + 1)]
        for segment, (start, end) in enumerate(zip(starts, [*ends, len(numbers)])):
            if end > start:
                own, counts = self._inputs.rows(numbers[start:end])
                rows += own.tolist()
                words += np.repeat(np.arange(start, end), counts).tolist()
            rows.append(self._inputs.sep)
            words.append(-1)
            segments += [segment] * (len(rows) - len(segments))
        if len(rows) > self.length:
            last = self.length - 1
            rows, words = rows[:last] + rows[-1:], words[:last] + words[-1:]
            segments = segments[: self.length]
        return rows, words, segments


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


def _inputs(encoder, words):
    """What makes an encoder's inputs, and its tokenizer, None where it reads words."""
    import keras_hub

    from eelbert_tf.models import EelbertPreprocessor

    tokenizer = encoder.tokenizer
    if not isinstance(tokenizer, EelbertPreprocessor):
        return PieceInputs(WordPieceTable(tokenizer, words)), tokenizer
    preprocessor, tokenizer = tokenizer, tokenizer.tokenizer
    if tokenizer is None:
        return HashedInputs(encoder.backbone, words), None
    named = keras_hub.models.BertTokenizer(  # knows its special pieces by name
        tokenizer.get_vocabulary(),
        lowercase=tokenizer.lowercase,
        strip_accents=tokenizer.strip_accents,
    )
    return _HashedPieces(preprocessor, WordPieceTable(named, words)), tokenizer


class _HashedPieces:
    """Inputs of an `EelbertBackbone` that reads WordPieces; see `HashedInputs`."""

    pad, cls, sep = packing.PAD, packing.CLS, packing.SEP

    def __init__(self, preprocessor, table):
        self._vectors, self._table = preprocessor.piece_table(), table

    def rows(self, numbers):
        pieces, counts = self._table.pieces(numbers)
        return pieces + packing.MASK + 1, counts

    def of_rows(self, rows, mask, segment_ids):
        return {
            "word_vectors": self._vectors[rows],
            "padding_mask": mask,
            "segment_ids": segment_ids,
        }
