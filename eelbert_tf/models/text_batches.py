"""`TextBatches`: texts to batches of encoder inputs without TensorFlow."""

import keras
import numpy as np

from eelbert_tf.errors import UserError


def check_possible(dataset, random):
    """Refuse what only the TensorFlow backend can do.

    Args:
        dataset: bool. Whether the texts come as a `tf.data.Dataset`.
        random: bool. Whether training changes the texts at random.

    Raises:
        UserError: one of them is true.
    """
    if dataset or random:
        what = "A dataset as `x`" if dataset else "Training with random errors or masks in texts"
        raise UserError(
            f"{what} needs the TensorFlow backend of Keras. "
            f"Received: the {keras.config.backend()} backend. Set KERAS_BACKEND=tensorflow."
        )


class TextBatches(keras.utils.PyDataset):
    """Batches of `(x, y, sample_weight)` from arrays, as NumPy arrays.

    Args:
        preprocessor: `EelbertPreprocessor`.
        texts: NumPy object array of bytes; `pairs` the same or None.
        y: array of labels, or None.
        sample_weight: array, or None.
        batch_size: int. The last batch holds what is left.
        shuffle_seed: int for a new order each epoch, or None to keep the order.

    Example:

    ```python
    batches = TextBatches(EelbertPreprocessor(), *to_texts(["a", "b"]), None, None, 2, None)
    batches[0]["word_vectors"].shape  # (2, 32, 128)
    ```
    """

    def __init__(self, preprocessor, texts, pairs, y, sample_weight, batch_size, shuffle_seed):
        super().__init__()
        self.preprocessor = preprocessor
        self.batch_size = batch_size
        sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        self._functions = []
        self._columns = texts, pairs, y, sample_weight
        self._order = np.arange(len(texts))
        self._random = None if shuffle_seed is None else np.random.default_rng(shuffle_seed)
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self._order) // self.batch_size)

    def __getitem__(self, index):
        rows = self._order[index * self.batch_size : (index + 1) * self.batch_size]
        texts, pairs, y, sample_weight = (
            None if column is None else column[rows] for column in self._columns
        )
        x = texts if pairs is None else (texts, pairs)
        batch = self.preprocessor(x, y=y, sample_weight=sample_weight)
        for function in self._functions:
            batch = function(*batch)
        return batch

    def map(self, function):
        """Change each batch of labelled texts, as `tf.data.Dataset.map` does."""
        self._functions.append(function)
        return self

    def on_epoch_end(self):
        if self._random is not None:
            self._order = self._random.permutation(len(self._order))
