"""Version 1: the student's own masked LM, and its weights near projections of the teacher's."""

import keras
import numpy as np
from keras import ops

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining.masked_word_pieces import MaskedWordPieces
from eelbert_tf.pretraining.objectives import Example


class StudentMaskedPieces:
    """The student's masked LM over the same words, while the teacher learns.

    Its inputs stand beside the teacher's, their names begin with `student_`. The distance of
    `SharedProjections` is added to the loss.

    Args:
        student: `keras_hub.models.BertBackbone`.
        inputs: `PieceInputs` of the student's pieces.
        projections: `SharedProjections`.
    """

    def __init__(self, student, inputs, projections):
        self._student, self._inputs, self._projections = student, inputs, projections
        self._masked = MaskedWordPieces(student, inputs.table.mask)
        self.corruption, self.losses = self._masked.corruption, self._masked.losses

    def head(self, inputs, x):
        own = {
            name: keras.Input((None,), dtype="int32", name=f"student_{name}")
            for name in self._student.input
        }
        # Without the pooler, which learns nothing here.
        encoder = keras.Model(self._student.input, self._student.output["sequence_output"])
        encoded = self._projections(encoder(own))
        outputs, further = self._masked.head(own, encoded)
        return outputs, {**_prefixed(own), **further}

    def targets(self, example, rng):
        inputs, word_index = self._inputs(example.batch.numbers)
        own = Example(example.batch, example.kinds, inputs, word_index)
        x, y, weights = self._masked.targets(own, rng)
        changed = {name: x.pop(name, value) for name, value in inputs.items()}
        return {**_prefixed(changed), **x}, y, weights


def _prefixed(inputs):
    return {f"student_{name}": value for name, value in inputs.items()}


class SharedProjections(keras.layers.Layer):
    """Adds `epsilon * sum ||U theta_teacher V - theta_student||^2` to the loss; gives its input.

    The sum is over all weights of the encoders' layers. U and V are trained, and one pair serves
    all weights of a shape, in all layers; a vector, such as a bias, has V alone. They begin
    orthogonal. arXiv 1909.11687, version 1.

    Args:
        teacher, student: backbones of as many layers.
        epsilon: float.

    Raises:
        UserError: the numbers of layers differ, or the teacher's are decomposed.

    Example:

    ```python
    x = SharedProjections(teacher, student, epsilon=1e-3)(x)
    ```
    """

    def __init__(self, teacher, student, epsilon, **kwargs):
        super().__init__(**kwargs)
        if teacher.num_layers != student.num_layers:
            raise UserError(
                "Shared projections need a student of as many layers as its teacher. Received: "
                f"{student.num_layers} for a teacher of {teacher.num_layers}."
            )
        self.epsilon = epsilon
        if getattr(teacher, "encoder_factors", None) is not None:
            raise UserError(
                "Shared projections need a teacher whose matrices are whole. Received: a "
                "decomposed encoder. Give the one that it was made of."
            )
        pairs = [
            pair
            for layers in zip(teacher.transformer_layers, student.transformer_layers)
            for pair in zip(*(layer.trainable_variables for layer in layers), strict=True)
        ]
        self._pairs = lambda: pairs  # a list would make them this layer's own weights

    def build(self, input_shape):
        self._projections = {}
        for own, other in self._pairs():
            (rows, columns), (narrow_rows, narrow_columns) = shapes = _matrix_shapes(own, other)
            if shapes not in self._projections:
                name = f"{rows}_{columns}_{narrow_rows}_{narrow_columns}"
                right = self._orthogonal(f"right_{name}", (columns, narrow_columns))
                left = None
                if rows > 1:
                    left = self._orthogonal(f"left_{name}", (narrow_rows, rows))
                self._projections[shapes] = left, right
        self.built = True

    def _orthogonal(self, name, shape):
        return self.add_weight(name=name, shape=shape, initializer="orthogonal")

    def call(self, x):
        self.add_loss(self.epsilon * self.distance())
        return x

    def distance(self):
        """`sum ||U theta_teacher V - theta_student||^2`, a scalar."""
        total = 0.0
        for own, other in self._pairs():
            shape, target = shapes = _matrix_shapes(own, other)
            left, right = self._projections[shapes]
            projected = ops.matmul(ops.reshape(own.value, shape), right.value)
            if left is not None:
                projected = ops.matmul(left.value, projected)
            total += ops.sum(ops.square(projected - ops.reshape(other.value, target)))
        return total


def _matrix_shapes(*variables):
    return tuple(_matrix_shape(variable) for variable in variables)


def _matrix_shape(variable):
    """The shape of a weight as a matrix: heads are side by side, a vector is one row."""
    shape = tuple(variable.shape)
    if "kernel" not in variable.name:
        return 1, int(np.prod(shape))
    if len(shape) == 2:
        return shape
    if "attention_output" in variable.path:
        return shape[0] * shape[1], shape[2]
    return shape[0], shape[1] * shape[2]
