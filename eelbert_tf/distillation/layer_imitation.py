"""`LayerImitation`: a teacher's hidden states and attention scores, as an objective."""

import keras
import numpy as np
from keras import ops

from eelbert_tf.distillation.attention_scores import FlatAttentionScores
from eelbert_tf.distillation.reading import word_means
from eelbert_tf.errors import UserError
from eelbert_tf.models.encoder_layers import initializer
from eelbert_tf.pretraining.corruption import Corruption
from eelbert_tf.pretraining.objectives import balanced

_LOSS = "mean_squared_error"


class LayerImitation:
    """What layers of a teacher say, which reads each batch while the student trains.

    Mean squared errors of hidden states and of attention scores before the softmax, padded places
    left out (Ren et al., 2022, arXiv 2205.10036, section "distillation"). Where teacher and student
    read the same tokens, place by place. Where they do not, `[CLS]` and each word, by the mean of
    its places; scores are then not compared. Hidden states go through a learnt linear map where the
    widths differ; scores are averaged over heads where their numbers differ.

    Where these hold rows of `tables`, as many steps in one call need it, the teacher answers in
    `answered`, on the device; else in `targets`.

    Args:
        student: backbone, which trains.
        teacher: backbone.
        reads: `(student's, teacher's)`, two `Reading`s of the same words, both `as_rows` or none.
        layers: pairs of `(student's layer, teacher's layer)` from 1, or None for the last ones.

    Raises:
        UserError: there is no such layer.
    """

    corruption = Corruption()

    def __init__(self, student, teacher, reads, layers=None):
        self.pairs = layer_pairs(student, teacher, layers)
        self._student, self._reads = student, reads
        self._same_tokens = reads[0].tokens == reads[1].tokens
        self._mean_over_heads = student.num_heads != teacher.num_heads
        self._width = teacher.hidden_dim
        self._teacher = keras.Model(teacher.input, self._outputs(teacher, 1))
        self.losses = dict.fromkeys(self._teacher.output, _LOSS)
        self.tables = self._tables() if reads[1].as_rows else {}

    def head(self, inputs, x):
        outputs = self._outputs(self._student, 0)
        further = {}
        if not self._same_tokens:
            further["word_means"] = keras.Input((None,), name="word_means")
        for name in outputs:
            if not name.startswith("hidden_states"):
                continue
            if further:
                outputs[name] = _WordMeans()(outputs[name], further["word_means"])
            if self._student.hidden_dim != self._width:
                outputs[name] = keras.layers.Dense(
                    self._width, kernel_initializer=initializer(), name=f"{name}_map"
                )(outputs[name])
        return outputs, further

    def targets(self, example, rng):
        x, word_index = self._reads[1](example.batch.numbers)
        asked = {f"teacher_{name}": array for name, array in x.items()}
        further = {}
        if self._same_tokens:
            asked["counts"] = x["padding_mask"]
        else:
            count = example.batch.numbers.shape[1]
            own, its = word_means(example.word_index, count), word_means(word_index, count)
            asked |= {"word_means": its, "counts": own.any(axis=2) & its.any(axis=2)}
            further["word_means"] = own.reshape(len(own), -1)
        real = {"rows": np.ones(len(word_index), "float32")}
        if self.tables:
            return further, asked, real
        # Graphs for each length would round otherwise, see `step_function`; most of it is matmuls.
        answers, weights = self.answered({}, asked, real)
        return further, *keras.tree.map_structure(ops.convert_to_numpy, (answers, weights))

    def answered(self, tables, asked, real):
        """The teacher's answers and their weights, of what `targets` gives where there are tables.

        Args:
            tables: as the attribute; where it is empty, the teacher's variables are read.
            asked: dict of arrays: inputs, and which places count.
            real: dict of `rows`: float32 `(batch,)`, 0 for rows that only fill the batch.
        """
        x = {name: asked[f"teacher_{name}"] for name in self._teacher.input}
        if tables:
            answers, _ = self._teacher.stateless_call(*tables["teacher"], x, training=False)
        else:
            answers = self._teacher(x, training=False)
        answers = {name: ops.cast(answer, "float32") for name, answer in answers.items()}
        if not self._same_tokens:
            means = asked["word_means"]
            answers = {name: ops.matmul(means, answer) for name, answer in answers.items()}
        counts = asked["counts"] & (real["rows"] > 0)[:, None]
        return answers, self._weights(counts, answers)

    def _weights(self, mask, answers):
        """Of places, and of pairs of places in each head, so that padding counts nothing."""
        of_pairs = balanced(mask[:, :, None] & mask[:, None, :]).reshape(len(mask), -1)
        of_places, weights = balanced(mask), {}
        for name, answer in answers.items():
            weights[name] = of_places
            if name.startswith("attention_scores"):
                weights[name] = ops.tile(of_pairs, (1, answer.shape[1] // of_pairs.shape[1]))
        return weights

    def _tables(self):
        """What `answered` reads on the device: the teacher's variables, and its words' vectors."""
        teacher = self._teacher
        variables = teacher.trainable_variables, teacher.non_trainable_variables
        kept = [[variable.value for variable in kind] for kind in variables]
        its = self._reads[1].tables
        return {"teacher": kept, **{f"teacher_{name}": table for name, table in its.items()}}

    def _outputs(self, backbone, side):
        """The symbolic outputs of a backbone's layers by name, the same names for both."""
        layers = backbone.transformer_layers
        begin = backbone.get_layer("embeddings_dropout").output
        states = [begin, *(layer.output for layer in layers)]
        outputs = {}
        for pair in self.pairs:
            index, name = pair[side], "_".join(map(str, pair))
            outputs[f"hidden_states_{name}"] = states[index]
            if self._same_tokens:
                outputs[f"attention_scores_{name}"] = FlatAttentionScores(
                    layers[index - 1], self._mean_over_heads, name=f"attention_scores_{name}"
                )(states[index - 1])
        return outputs


def layer_pairs(student, teacher, layers=None):
    """Pairs of layers, checked; see `LayerImitation`.

    Raises:
        UserError: there is no such layer.
    """
    counts = student.num_layers, teacher.num_layers
    pairs = [counts] if layers is None else [tuple(pair) for pair in layers]
    for pair in pairs:
        if len(pair) != 2 or not all(1 <= own <= count for own, count in zip(pair, counts)):
            raise UserError(
                f"`layers` must be pairs of a student's layer, 1 to {counts[0]}, and a teacher's, "
                f"1 to {counts[1]}. Received: {':'.join(map(str, pair))}."
            )
    return pairs


class _WordMeans(keras.layers.Layer):
    """Means of places by `word_means`, flat: `(batch, 1 + words, dim)`."""

    def call(self, x, means):
        means = ops.reshape(means, (ops.shape(x)[0], -1, ops.shape(x)[1]))
        return ops.matmul(means, x)
