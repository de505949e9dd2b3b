"""Settings of mixed-vocabulary training, and the shapes of students. Imports no Keras."""

import dataclasses
import re

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining.config import PretrainingConfig

# Of the paper, layers x width.
STUDENTS = ("12x128", "6x192", "6x256", "12x48")
_HEAD_DIM = 64


@dataclasses.dataclass(frozen=True)
class MixedVocabularyConfig:
    """Settings of a run, which stay the same when it goes on.

    Args:
        student: str, `LAYERSxWIDTH`, such as one of `STUDENTS`; the feed-forward part is 4 times as
            wide, an attention head up to 64.
        vocabulary_size: int. Pieces of the student.
        mixing: float. Probability that a word is cut by the student's pieces while the teacher
            trains.
        ramp: float. Share of the teacher's steps over which that probability rises from 0, as in
            version 1; 0: it is the same all along.
        stage_1_epochs: float. Passes of the teacher over the shards.
        epochs: float. Passes of the student; with `shared_projections`, of both at once.
        stage_1_learning_rate, learning_rate: float. The highest of each stage.
        shared_projections: bool. Version 1 of the paper: teacher and student learn at once, and the
            student's weights are drawn to projections of the teacher's.
        projection_weight: float. Epsilon, what these projections weigh in the loss.
        batch_tokens, row_words, seed, dtype: see `PretrainingConfig`.

    Raises:
        UserError: a setting is out of range.
    """

    student: str = "6x256"
    vocabulary_size: int = 4928
    mixing: float = 0.5
    ramp: float = 0.0
    stage_1_epochs: float = 1.0
    epochs: float = 1.0
    stage_1_learning_rate: float = 5e-4
    learning_rate: float = 1e-3
    shared_projections: bool = False
    projection_weight: float = 1e-3
    batch_tokens: int = 8192
    row_words: int | None = None
    seed: int = 0
    dtype: str = "float32"

    def __post_init__(self):
        student_shape(self.student)
        for name in ("mixing", "ramp"):
            if not 0 <= getattr(self, name) <= 1:
                raise UserError(
                    f"`{name}` must be from 0 to 1. Received: {name}={getattr(self, name)}."
                )
        for name in ("stage_1_epochs", "stage_1_learning_rate", "projection_weight"):
            if not getattr(self, name) > 0:
                raise UserError(
                    f"`{name}` must be above 0. Received: {name}={getattr(self, name)}."
                )
        self.stage_2()  # checks the others

    def stage_1(self):
        """The settings of the teacher's training."""
        if self.shared_projections:  # there is one stage only
            return self.stage_2()
        return self._settings(self.stage_1_epochs, self.stage_1_learning_rate)

    def stage_2(self):
        """The settings of the student's training."""
        return self._settings(self.epochs, self.learning_rate)

    def _settings(self, epochs, learning_rate):
        return PretrainingConfig(
            epochs=epochs,
            learning_rate=learning_rate,
            batch_tokens=self.batch_tokens,
            row_words=self.row_words,
            seed=self.seed,
            dtype=self.dtype,
        )


def student_shape(name):
    """The arguments of a `BertBackbone` of a student, but for its vocabulary.

    Args:
        name: str, `LAYERSxWIDTH`.

    Raises:
        UserError: it is no shape, or its width cannot be shared by heads.

    Example:

    >>> student_shape("6x192")
    {'num_layers': 6, 'num_heads': 3, 'hidden_dim': 192, 'intermediate_dim': 768}
    """
    match = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", name)
    width = int(match[2]) if match else 0
    if not width or (width > _HEAD_DIM and width % _HEAD_DIM):
        raise UserError(
            f"`student` must be LAYERSxWIDTH, the width at most {_HEAD_DIM} or a multiple of it, "
            f"such as {', '.join(STUDENTS)}. Received: student={name!r}."
        )
    return {
        "num_layers": int(match[1]),
        "num_heads": max(1, width // _HEAD_DIM),
        "hidden_dim": width,
        "intermediate_dim": 4 * width,
    }


def mixing_probability(step, steps, mixing, ramp):
    """The probability that a word is the student's, at a step of the teacher's training.

    Example:

    >>> [mixing_probability(step, 100, mixing=0.5, ramp=0.5) for step in (0, 25, 50, 99)]
    [0.0, 0.25, 0.5, 0.5]
    """
    rising = ramp * steps
    return mixing * min(1.0, step / rising) if rising else mixing
