"""What a model is pretrained for. Each objective adds a head, targets and a loss.

An objective has a `head(backbone_inputs, sequence_output)` that gives a dict of outputs by name and
a dict of further inputs; `losses`, the loss of each output; and `targets(example)`, which gives the
further or changed inputs, the targets and the sample weights of a batch as dicts of NumPy arrays.
Targets may be rows of its `tables`, a dict of arrays by the name of an output.
"""

import collections

import keras
import numpy as np
from keras import ops

from eelbert_tf.models.encoder_layers import gelu, initializer
from eelbert_tf.models.text_head import masked_mean
from eelbert_tf.pretraining.corruption import KEPT, MASKED, Corruption

# `batch`: `sequences.Batch`; `kinds`: what was done to each word; `inputs`: dict, the encoder's;
# `word_index`: int32 `(batch, places)`, which word stands at each place of these, -1 where none.
Example = collections.namedtuple("Example", ["batch", "kinds", "inputs", "word_index"])


class MaskedLanguageModel:
    """Which word is hidden? A softmax over the most frequent words (BERT, arXiv 1810.04805).

    15 % of the words are chosen, of which 80 % are hidden, 10 % replaced and 10 % kept. The label
    table exists only here; the encoder keeps none of it.

    Args:
        label_count: int. Words that can be labels, the most frequent; others are not asked.
    """

    corruption = Corruption(masked=0.12, random=0.015)
    kept_but_asked = 0.015 / 0.865
    tables = {}
    losses = {"masked_words": "sparse_categorical_crossentropy_from_logits"}

    def __init__(self, label_count=8192):
        self.label_count = label_count

    def head(self, inputs, x):
        positions = keras.Input((None,), dtype="int32", name="mask_positions")
        dim = x.shape[-1]
        y = ops.take_along_axis(x, ops.expand_dims(positions, -1), axis=1)
        y = keras.layers.Dense(
            dim, activation=gelu, kernel_initializer=initializer(), name="masked_transform"
        )(y)
        y = keras.layers.LayerNormalization(epsilon=1e-12, name="masked_layer_norm")(y)
        logits = keras.layers.Dense(
            self.label_count, kernel_initializer=initializer(), name="masked_words"
        )(y)
        return {"masked_words": logits}, {"mask_positions": positions}

    def targets(self, example, rng):
        numbers = example.batch.numbers
        labels = at_places(numbers, example.word_index, -1)
        kinds = at_places(example.kinds, example.word_index, KEPT)
        kept = (kinds == KEPT) & (rng.random(kinds.shape) < self.kept_but_asked)
        asked = ((kinds != KEPT) | kept) & (labels >= 0) & (labels < self.label_count)
        count = max(1, -(-asked.shape[1] // 5))
        order = np.argsort(~asked, axis=1, kind="stable")[:, :count].astype("int32")
        weight = np.take_along_axis(asked, order, axis=1)
        labels = np.where(weight, np.take_along_axis(labels, order, axis=1), 0)
        return (
            {"mask_positions": order},
            {"masked_words": labels},
            {"masked_words": balanced(weight)},
        )


class Discrimination:
    """Is each word real, hidden, random or shuffled? No softmax over words is needed.

    Per-token classification as in HashFormers (Xue and Aletras, 2022, arXiv 2210.07904).
    """

    corruption = Corruption(random=0.1, shuffled=0.1)
    tables = {}
    losses = {"discrimination": "sparse_categorical_crossentropy_from_logits"}

    def head(self, inputs, x):
        y = keras.layers.Dense(
            x.shape[-1], activation=gelu, kernel_initializer=initializer(), name="discrimination_in"
        )(x)
        return {"discrimination": keras.layers.Dense(4, name="discrimination")(y)}, {}

    def targets(self, example, rng):
        kinds = at_places(example.kinds, example.word_index, KEPT).astype("int32")
        weight = (example.word_index >= 0) & (kinds != MASKED)
        return {}, {"discrimination": kinds}, {"discrimination": balanced(weight)}


class Distillation:
    """A teacher's vector of each word and of the whole sequence.

    Args:
        targets: `teacher.Targets` of the shards.
        words: bool. Whether the vectors of words are asked for; an encoder without room for them
            learns more of the sequence's alone.
        as_rows: bool. Whether batches hold rows of `tables` in place of vectors.

    Attributes:
        tables: dict of arrays by the name of an output, empty unless `as_rows`.
    """

    corruption = Corruption()

    def __init__(self, targets, words=True, as_rows=False):
        self.losses = {"teacher_words": "mean_squared_error"} if words else {}
        self.losses["teacher_sentence"] = "cosine_distance"
        self._targets = targets
        self._sentence_dim = targets.load(targets.shards[0])[1].shape[1]
        self._scale = targets.scale / np.sqrt((targets.scale**2).mean() * (127 / 4) ** 2)
        self.tables = self._tables() if as_rows else {}

    def head(self, inputs, x):
        mean = masked_mean(x, ops.cast(inputs["padding_mask"], x.dtype))
        sentence = keras.layers.Dense(self._sentence_dim, name="teacher_sentence")(mean)
        outputs = {"teacher_sentence": sentence}
        if "teacher_words" in self.losses:
            outputs["teacher_words"] = keras.layers.Dense(len(self._scale), name="teacher_words")(x)
        return outputs, {}

    def targets(self, example, rng):
        batch, index = example.batch, np.maximum(example.word_index, 0)
        rows = {"teacher_sentence": batch.rows, "teacher_words": batch.starts[:, None] + index}
        if self.tables:
            vectors = {
                name: (rows[name] + self._first[name][batch.shard]).astype("int32")
                for name in self.tables
            }
        else:
            tokens, sentences = self._targets.load(batch.shard)
            vectors = {"teacher_sentence": sentences[batch.rows].astype("float32")}
            if "teacher_words" in self.losses:
                places = rows["teacher_words"]
                vectors["teacher_words"] = tokens[places] * self._scale.astype("float32")
        weights = {"teacher_sentence": np.ones(len(batch.rows), "float32")}
        if "teacher_words" in self.losses:
            weights["teacher_words"] = balanced(example.word_index >= 0)
        return {}, vectors, weights

    def _tables(self):
        """The vectors of all shards, and where in them each shard begins."""
        parts = {name: [] for name in self.losses}
        for index in self._targets.shards:
            tokens, sentences = self._targets.load(index)
            parts["teacher_sentence"].append(sentences)
            if "teacher_words" in parts:
                parts["teacher_words"].append(tokens * self._scale.astype("float16"))
        self._first = {}
        for name, arrays in parts.items():
            sizes = [len(array) for array in arrays]
            starts = np.cumsum(sizes) - sizes
            self._first[name] = dict(zip(self._targets.shards, starts))
        return {name: np.concatenate(arrays) for name, arrays in parts.items()}


class CosineDistance(keras.losses.Loss):
    """1 - the cosine similarity."""

    def call(self, y_true, y_pred):
        y_true = ops.normalize(ops.cast(y_true, y_pred.dtype), axis=-1)
        return 1.0 - ops.sum(y_true * ops.normalize(y_pred, axis=-1), axis=-1)


def at_places(values, word_index, fill):
    """The value of the word at each place, `fill` where none stands."""
    taken = np.take_along_axis(values, np.maximum(word_index, 0), axis=1)
    return np.where(word_index >= 0, taken, fill)


def balanced(mask):
    """Weights whose mean is 1, so that a mean over all places is one over those that count.

    Of a NumPy array, or one of JAX within a compiled step.
    """
    count = mask.sum()
    return mask.astype("float32") * (mask.size / (count + (count == 0)))


def combined_corruption(objectives):
    """The corruption of objectives that share their inputs: the largest share of each kind."""
    parts = [objective.corruption for objective in objectives]
    return Corruption(
        **{
            name: max(getattr(part, name) for part in parts)
            for name in ("masked", "random", "shuffled")
        }
    )
