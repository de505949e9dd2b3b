"""The rows of a task as a model takes them."""

from dataclasses import dataclass

import numpy as np

from eelbert_tf.glue.token_cache import TokenRows


@dataclass(frozen=True)
class LabelledRows:
    """Texts as tokens, with their labels as numbers (None where there are none)."""

    rows: TokenRows
    labels: np.ndarray | None

    def __len__(self):
        return len(self.rows)

    def take(self, indices):
        """Some of them."""
        labels = None if self.labels is None else self.labels[indices]
        return LabelledRows(self.rows.take(indices), labels)


def encode(cache, examples, labels=None):
    """Examples through a `TokenCache`.

    Args:
        cache: `TokenCache`.
        examples: `Examples`.
        labels: array of their labels as numbers, or None.

    Returns:
        `LabelledRows`.

    Example:

    ```python
    encode(cache, dev, class_ids(task, dev))
    ```
    """
    return LabelledRows(cache.encode(examples.texts, examples.text_pairs), labels)


def answers(logits, regression):
    """What is answered: classes, or scores."""
    return logits[:, 0] if regression else logits.argmax(axis=1)
