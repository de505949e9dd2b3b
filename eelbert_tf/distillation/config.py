"""Settings of distillation. Imports no Keras."""

import dataclasses
import math

from eelbert_tf.errors import UserError


@dataclasses.dataclass(frozen=True)
class LayerConfig:
    """How a student learns a teacher's layers.

    Args:
        layers: tuple of pairs `(student's layer, teacher's layer)`, numbered from 1; None: the last
            of the student learns from the last of the teacher.
        epochs: float. Passes over the texts.
        batch_tokens: int. Places of a batch.
        learning_rate: float. The highest, after a warm-up over a tenth of the steps; it then falls
            to 0 along a cosine.
        seed: int. Of weights and order.
        dtype: str. Policy of the student's computation, such as "mixed_bfloat16".
        teacher_dtype: str. Of the teacher's.
        steps_per_execution: int. Steps of one compiled call, on the JAX backend; 32 or so keep a
            GPU busy.

    Raises:
        UserError: a setting is out of range.
    """

    layers: tuple | None = None
    epochs: float = 1.0
    batch_tokens: int = 2048
    learning_rate: float = 1e-3
    seed: int = 0
    dtype: str = "float32"
    teacher_dtype: str = "bfloat16"
    steps_per_execution: int = 1

    def __post_init__(self):
        names = ("epochs", "batch_tokens", "learning_rate", "steps_per_execution")
        _check_above_0(self, names)
        if self.layers is not None and not self.layers:
            raise UserError("`layers` must hold a pair of layers at least. Received: none.")


@dataclasses.dataclass(frozen=True)
class AnswerConfig:
    """How a student learns a teacher's answers.

    Args:
        epochs: int. Passes over the rows.
        batch_size: int. Rows of a batch.
        learning_rate: float. As in `LayerConfig`.
        temperature: float. Logits of both are divided by it before the softmax.
        hard_label_weight: float, 0 to 1. Share of the rows' own labels in the loss.
        seed: int. Of weights, order and dropout.

    Raises:
        UserError: a setting is out of range.
    """

    epochs: int = 10
    batch_size: int = 32
    learning_rate: float = 1e-3
    temperature: float = 1.0
    hard_label_weight: float = 0.0
    seed: int = 0

    def __post_init__(self):
        _check_above_0(self, ("epochs", "batch_size", "learning_rate", "temperature"))
        if not 0.0 <= self.hard_label_weight <= 1.0:
            raise UserError(
                "`hard_label_weight` must be between 0 and 1. "
                f"Received: hard_label_weight={self.hard_label_weight}."
            )


def _check_above_0(config, names):
    for name in names:
        value = getattr(config, name)
        if not 0 < value < math.inf:
            raise UserError(f"`{name}` must be above 0. Received: {name}={value}.")
