"""What a preprocessor makes of texts, made once and kept token by token, without padding."""

from dataclasses import dataclass

import numpy as np

from eelbert_tf.models.text_inputs import to_texts

MASK = "padding_mask"
_TEXTS_AT_ONCE = 512


@dataclass(frozen=True)
class TokenRows:
    """Texts as their tokens, one behind the other.

    Attributes:
        offsets: int64 `(texts + 1,)`: text `i` is tokens `offsets[i]` to `offsets[i + 1]`.
        tokens: dict from an input's name to its values, `(tokens, ...)`; of inputs that have a
            table, int32 rows of the table.
    """

    offsets: np.ndarray
    tokens: dict[str, np.ndarray]

    def __len__(self):
        return len(self.offsets) - 1

    @property
    def lengths(self):
        """Tokens of each text."""
        return np.diff(self.offsets)

    def take(self, rows):
        """Some texts, as `TokenRows` of their own."""
        lengths = self.lengths[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        where = np.arange(offsets[-1]) + np.repeat(self.offsets[rows] - offsets[:-1], lengths)
        return TokenRows(offsets, {name: values[where] for name, values in self.tokens.items()})

    def batch(self, rows):
        """The inputs of some texts, padded behind with zeros to the longest of them.

        Args:
            rows: int array.

        Returns:
            A dict of `(rows, longest, ...)` arrays, without the mask, and the lengths.
        """
        lengths = self.lengths[rows]
        positions = np.arange(lengths.max(initial=1))
        inside = positions < lengths[:, None]
        where = np.where(inside, self.offsets[rows][:, None] + positions, 0)
        batch = {}
        for name, values in self.tokens.items():
            taken = values[where]
            taken[~inside] = 0
            batch[name] = taken
        return batch, lengths.astype("int32")


class TokenCache:
    """Runs a preprocessor over texts and keeps what it gives.

    An input of vectors, `(batch, sequence, dim)`, is kept as numbers of rows in a table that holds
    each distinct vector once: words recur, and a table stays in the processor's caches. Row 0 of
    a table holds zeros, for padding.

    Args:
        preprocessor: `EelbertPreprocessor`, or another that gives a dict of inputs with a
            `padding_mask` that is true at the front of each row.

    Example:

    ```python
    cache = TokenCache(EelbertPreprocessor())
    rows = cache.encode(["a fine film", "a bore"])
    batch, lengths = rows.batch(np.array([1, 0]))
    vectors = cache.tables()["word_vectors"][batch["word_vectors"]]
    ```
    """

    def __init__(self, preprocessor):
        self._preprocessor, self._functions = preprocessor, {}
        self._numbers, self._types = {}, {}

    def encode(self, texts, pairs=None):
        """Preprocess texts, or pairs of texts.

        Args:
            texts: list of str.
            pairs: list of str, or None.

        Returns:
            `TokenRows`, good with the tables as they are from now on.
        """
        import tensorflow as tf

        texts, pairs = to_texts(texts if pairs is None else (texts, pairs))
        preprocess = self._function(pairs is not None)
        lengths, parts = [], []
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            part = slice(start, start + _TEXTS_AT_ONCE)
            x = tf.constant(texts[part])
            columns = (x,) if pairs is None else (x, tf.constant(pairs[part]))
            inputs = {name: np.asarray(value) for name, value in preprocess(*columns).items()}
            mask = inputs.pop(MASK).astype(bool)
            lengths.append(mask.sum(axis=1))
            parts.append({n: self._compact(n, value[mask]) for n, value in inputs.items()})
        offsets = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
        tokens = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return TokenRows(offsets.astype("int64"), tokens)

    def _function(self, pair):
        """The preprocessor as a graph, traced once."""
        import tensorflow as tf

        if pair not in self._functions:
            text = tf.TensorSpec([None], tf.string)
            function = tf.function(
                lambda *x: self._preprocessor(x if pair else x[0]), autograph=False
            )
            specs = (text, text) if pair else (text,)
            self._functions[pair] = function.get_concrete_function(*specs)
        return self._functions[pair]

    def tables(self):
        """The tables of vectors, by the input's name: `(distinct + 1, dim)`."""
        return {
            name: np.frombuffer(b"".join(numbers), self._types[name]).reshape(len(numbers), -1)
            for name, numbers in self._numbers.items()
        }

    def _compact(self, name, values):
        """Values as they are; vectors as rows of the table, which takes up those it lacks."""
        if values.ndim < 2:
            return values
        values = np.ascontiguousarray(values)
        self._types[name] = values.dtype
        row = np.dtype((np.void, values.shape[1] * values.itemsize))
        numbers = self._numbers.setdefault(name, {bytes(row.itemsize): 0})
        # Most words are known: `setdefault` numbers those that are not, in their order.
        found = [numbers.setdefault(key, len(numbers)) for key in values.view(row)[:, 0].tolist()]
        return np.array(found, "int32")
