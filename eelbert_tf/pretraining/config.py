"""Settings of a pretraining run. Imports no Keras."""

import dataclasses

from eelbert_tf.errors import UserError

OBJECTIVES = ("masked_lm", "discrimination", "distillation")


@dataclasses.dataclass(frozen=True)
class PretrainingConfig:
    """Settings of a run, which stay the same when it goes on.

    Args:
        objectives: tuple of names among `OBJECTIVES`, learnt together.
        epochs: float. Passes over the shards.
        batch_tokens: int. Places of a batch.
        learning_rate: float. The highest, after a warm-up over a twentieth of the steps; it then
            falls to 0 along a cosine.
        weight_decay: float.
        label_count: int. Words that masked LM asks for.
        imitation_steps: int. Batches of words by which the embeddings imitate the teacher first.
        dropout: float. While pretraining; the preset keeps its own for fine-tuning.
        seed: int. Of weights, order and corruption.
        dtype: str. Policy of the computation, such as "mixed_bfloat16".

    Raises:
        UserError: a setting is out of range.
    """

    objectives: tuple = ("masked_lm",)
    epochs: float = 1.0
    batch_tokens: int = 8192
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    label_count: int = 8192
    imitation_steps: int = 0
    dropout: float = 0.0
    seed: int = 0
    dtype: str = "float32"

    def __post_init__(self):
        unknown = [name for name in self.objectives if name not in OBJECTIVES]
        if unknown or not self.objectives:
            raise UserError(
                f"`objectives` must be among {', '.join(OBJECTIVES)}. "
                f"Received: {', '.join(unknown) or 'none'}."
            )
        for name in ("epochs", "batch_tokens", "learning_rate"):
            if not getattr(self, name) > 0:
                raise UserError(
                    f"`{name}` must be above 0. Received: {name}={getattr(self, name)}."
                )
