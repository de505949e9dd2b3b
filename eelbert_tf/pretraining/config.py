"""Settings of a pretraining run. Imports no Keras."""

import dataclasses

from eelbert_tf.errors import UserError

OBJECTIVES = ("masked_lm", "discrimination", "distillation", "sentence_distillation")
OF_A_TEACHER = ("distillation", "sentence_distillation")


@dataclasses.dataclass(frozen=True)
class PretrainingConfig:
    """Settings of a run, which stay the same when it goes on.

    Args:
        objectives: tuple of names among `OBJECTIVES`, learnt together.
        epochs: float. Passes over the shards.
        batch_tokens: int. Places of a batch.
        learning_rate: float. The highest, after a warm-up over a twentieth of the steps; it then
            falls to 0 along a cosine.
        weight_decay: float. What a step takes off the matrices, as a share, over its rate.
        label_count: int. Words that masked LM asks for; an encoder of WordPieces is asked for all.
        row_words: int or None. Words of a row that neighbouring sequences share, so that no place
            is padding; None: each sequence is a row.
        imitation_steps: int. Batches of words by which the embeddings imitate the teacher first.
        dropout: float. While pretraining; the preset keeps its own for fine-tuning.
        seed: int. Of weights, order and corruption.
        dtype: str. Policy of the computation, such as "mixed_bfloat16".
        steps_per_execution: int. Steps of one compiled call, on the JAX backend; some dozens keep a
            GPU busy. Batches of one shape then follow each other, and stay on the device.

    Raises:
        UserError: a setting is out of range.
    """

    objectives: tuple = ("masked_lm",)
    epochs: float = 1.0
    batch_tokens: int = 8192
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    label_count: int = 8192
    row_words: int | None = None
    imitation_steps: int = 0
    dropout: float = 0.0
    seed: int = 0
    dtype: str = "float32"
    steps_per_execution: int = 1

    def __post_init__(self):
        unknown = [name for name in self.objectives if name not in OBJECTIVES]
        if unknown or not self.objectives:
            raise UserError(
                f"`objectives` must be among {', '.join(OBJECTIVES)}. "
                f"Received: {', '.join(unknown) or 'none'}."
            )
        if self.row_words is not None and self.row_words < 1:
            raise UserError(
                f"`row_words` must be at least 1. Received: row_words={self.row_words}."
            )
        if self.row_words is not None and self.has_teacher:
            raise UserError(
                "`row_words` must be left out of distillation: a teacher's vectors are those of "
                f"single sequences. Received: row_words={self.row_words}."
            )
        for name in ("epochs", "batch_tokens", "learning_rate", "steps_per_execution"):
            if not getattr(self, name) > 0:
                raise UserError(
                    f"`{name}` must be above 0. Received: {name}={getattr(self, name)}."
                )
        if not self.weight_decay >= 0:
            raise UserError(
                f"`weight_decay` must be at least 0. Received: weight_decay={self.weight_decay}."
            )

    @property
    def has_teacher(self):
        """Whether an objective asks for a teacher's vectors."""
        return any(name in OF_A_TEACHER for name in self.objectives)
