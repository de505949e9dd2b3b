"""Batches of labelled texts in an order that follows from a seed and a step alone."""

import keras
import numpy as np

from eelbert_tf.distribution.parts import part
from eelbert_tf.models.text_inputs import to_texts

# As in `text_datasets`: batches that are sorted by length together.
_SORTED_TOGETHER = 64


class TextExamples:
    """All texts once an epoch, those of like length together; the last batch holds what is left.

    A replica hashes the texts of its own part alone.

    Args:
        task: `EelbertTextClassifier`.
        x: texts or pairs of texts, as its `fit` takes them.
        y: labels, as its `fit` takes them.
        batch_size: int. Of all replicas together.
        seed: int, of the order and of made-up typing errors.

    Example:

    ```python
    examples = TextExamples(task, ["a fine film", "awful"], ["good", "bad"], batch_size=2)
    count, part_of = next(examples.from_step(0))
    x, y, weights = part_of(0, 2)  # the first of two replicas
    ```
    """

    def __init__(self, task, x, y, batch_size, seed=0):
        self._task, self._batch_size, self._seed = task, batch_size, seed
        texts, pairs = to_texts(x)
        self._x = texts if pairs is None else (texts, pairs)
        self._lengths = np.array([len(text) for text in texts])
        if pairs is not None:
            self._lengths += [len(text) for text in pairs]
        self._y = np.asarray(task.prepare_labels(y))

    def steps_of_epoch(self):
        """Batches of one epoch."""
        return -(-len(self._y) // self._batch_size)

    def from_step(self, step):
        """Yields `(texts, part_of)` without end; see `pretraining_model.Examples`."""
        epoch, first = divmod(step, self.steps_of_epoch())
        while True:
            for rows in self._batches(epoch)[first:]:
                yield len(rows), self._part_of(rows, step)
                step += 1
            epoch, first = epoch + 1, 0

    def _batches(self, epoch):
        """The rows of each batch of an epoch."""
        rng = np.random.default_rng([self._seed, epoch])
        order, size = rng.permutation(len(self._y)), self._batch_size
        together = size * _SORTED_TOGETHER
        parts = [order[i : i + together] for i in range(0, len(order), together)]
        parts = [rows[np.argsort(self._lengths[rows], kind="stable")] for rows in parts]
        order = np.concatenate(parts)
        batches = [order[i : i + size] for i in range(0, len(order), size)]
        return [batches[place] for place in rng.permutation(len(batches))]

    def _part_of(self, rows, step):
        preprocessor = self._task.preprocessor
        function = preprocessor
        if keras.config.backend() == "tensorflow":
            from eelbert_tf.models.text_datasets import traced_once

            function = traced_once(preprocessor)

        def part_of(index, count, multiple=1):
            weights = np.ones(len(rows), "float32")
            own, y, weights = part((rows, self._y[rows], weights), index, count, multiple)
            x = self._x
            x = tuple(column[own] for column in x) if isinstance(x, tuple) else x[own]
            seed = {}
            if preprocessor.is_random:
                draws = np.random.default_rng([self._seed, step, index]).integers(0, 2**31, 2)
                seed["random_seed"] = draws.astype("int32")
            return function(x, y, weights, **seed)

        return part_of
