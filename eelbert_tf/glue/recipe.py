"""The settings of a run over GLUE."""

import math
from dataclasses import dataclass

from eelbert_tf.errors import UserError
from eelbert_tf.training.fine_tune import PAIR_HEAD

VERSION = 1  # of the recipe: results of another are not mixed with these
HELD_OUT, HOLDOUT_SEED = 0.1, 0
DTYPES = ("float32", "mixed_bfloat16")


@dataclass(frozen=True)
class Recipe:
    """How each task is fine-tuned.

    Attributes:
        seeds: how many, from 0.
        epochs: of each run; the best of them by the held-out rows is taken.
        batch_sizes, learning_rates: the grid.
        grid_rows: rows to train on, at most, while the grid is searched.
        max_words: the window.
        pooling, pair_pooling: of the head, for single texts and for pairs; see `TextHead`.
        cross_attention: whether the two texts of a pair see each other; see `encoded`.
        dtype: policy of the encoder's computation. "mixed_bfloat16" is faster where the processor
            has bfloat16; weights and optimizer stay float32.

    Raises:
        UserError: a setting is out of range.

    Example:
        >>> Recipe(seeds=1, learning_rates=(1e-3,)).grid()
        [(32, 0.001)]
    """

    seeds: int = 5
    epochs: int = 4
    batch_sizes: tuple[int, ...] = (32,)
    learning_rates: tuple[float, ...] = (3e-4, 1e-3, 2e-3)
    grid_rows: int = 10_000
    max_words: int = 128
    pooling: str = "cls_mean"
    pair_pooling: str = PAIR_HEAD["pooling"]
    cross_attention: bool = PAIR_HEAD["cross_attention"]
    dtype: str = "float32"

    def __post_init__(self):
        counts = {name: getattr(self, name) for name in ("seeds", "epochs", "grid_rows")}
        counts["max_words"] = self.max_words
        for name, value in [*counts.items(), *(("batch_sizes", size) for size in self.batch_sizes)]:
            if value < 1:
                raise UserError(f"`{name}` must be at least 1. Received: {value}.")
        if not all(0 < rate < math.inf for rate in self.learning_rates):
            raise UserError(
                "`learning_rates` must be above 0. "
                f"Received: {', '.join(map(str, self.learning_rates))}."
            )
        if self.dtype not in DTYPES:
            raise UserError(
                f"`dtype` must be among {', '.join(DTYPES)}. Received: dtype={self.dtype!r}."
            )
        if not self.batch_sizes or not self.learning_rates:
            raise UserError("The grid needs a batch size and a learning rate. Received: none.")

    def grid(self):
        """The settings to choose from."""
        return [(size, rate) for size in self.batch_sizes for rate in self.learning_rates]

    def pooling_of(self, pair):
        """The head's pooling."""
        return self.pair_pooling if pair else self.pooling

    def cross_attention_of(self, pair):
        """Whether the texts of a row see each other: a single text always sees itself."""
        return self.cross_attention or not pair
