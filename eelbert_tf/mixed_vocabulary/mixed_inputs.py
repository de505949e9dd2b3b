"""Words as the pieces of two vocabularies, of which each word is cut by one."""

import numpy as np

from eelbert_tf.pretraining.word_inputs import PieceInputs
from eelbert_tf.pretraining.word_piece_table import WordPieceTable


class MixedInputs:
    """Inputs of a BERT that reads the pieces of a teacher and of a student.

    The student's pieces are numbered behind the teacher's: its piece `i` is `offset + i`. `[CLS]`
    and `[SEP]` are drawn as words are.

    Args:
        teacher, student: `keras_hub.models.BertTokenizer`.
        words: list of str, the words of the shards.
        length: int. Pieces behind these, special ones included, are left out.

    Attributes:
        offset: int. Pieces of the teacher.
        mask_ids: `[MASK]` of the teacher and of the student, so numbered.
        sizes: pieces of the teacher and of the student.
    """

    def __init__(self, teacher, student, words, length=512):
        self.offset = teacher.vocabulary_size()
        self.sizes = np.array([self.offset, student.vocabulary_size()])
        own, others = WordPieceTable(teacher, words), WordPieceTable(student, words)
        self._swapped = {
            own.cls: self.offset + others.cls,
            own.sep: self.offset + others.sep,
        }
        self.mask_ids = np.array([own.mask, self.offset + others.mask], "int32")
        self._first = own.append(others, self.offset)
        self._inputs = PieceInputs(own, length)
        self.mask_number = self._inputs.mask_number

    def __call__(self, numbers, probability, rng):
        """Encode a batch.

        Args:
            numbers: int32 `(batch, length)`, -1 behind the last word.
            probability: float, that a word is cut by the student.
            rng: `numpy.random.Generator`.

        Returns:
            `(inputs, word_index)`, see `PieceInputs`.
        """
        drawn = (numbers >= 0) & (rng.random(numbers.shape) < probability)
        inputs, word_index = self._inputs(np.where(drawn, numbers + self._first, numbers))
        ids = inputs["token_ids"]
        drawn = (word_index < 0) & (rng.random(ids.shape) < probability)
        for own, other in self._swapped.items():
            ids = np.where(drawn & (ids == own), np.int32(other), ids)
        return {**inputs, "token_ids": ids}, word_index
