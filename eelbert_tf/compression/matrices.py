"""The weights of a model that compression works on, laid out as a `.tflite` stores them."""

import dataclasses
import math

import keras
import numpy as np
from keras import ops

from eelbert_tf.errors import UserError
from eelbert_tf.export.quantization import SMALLEST


@dataclasses.dataclass(frozen=True)
class Matrix:
    """A weight as rows: one an output of a dense layer, or one an entry of a table.

    Attributes:
        variable: `keras.Variable`.
        path: str, of the variable in the model.
        axes: tuple of int. The variable's axes, those of a row's number first.
        row_axes: int. How many these are.
        is_table: bool. Whether rows are looked up or added, instead of multiplied with.

    Example:

    >>> dense = keras.layers.Dense(32)
    >>> dense.build((None, 64))
    >>> [matrix] = matrices(keras.Sequential([dense]))
    >>> matrix.rows(dense.kernel).shape
    TensorShape([32, 64])
    """

    variable: keras.Variable
    path: str
    axes: tuple
    row_axes: int
    is_table: bool

    @property
    def shape(self):
        """`(rows, columns)`."""
        sizes = [self.variable.shape[axis] for axis in self.axes]
        return math.prod(sizes[: self.row_axes]), math.prod(sizes[self.row_axes :])

    def rows(self, values):
        """Values in the variable's shape, as `(rows, columns)`."""
        return ops.reshape(ops.transpose(values, self.axes), self.shape)

    def restored(self, rows):
        """What `rows` gave, in the variable's shape."""
        sizes = [self.variable.shape[axis] for axis in self.axes]
        return ops.transpose(ops.reshape(rows, sizes), tuple(np.argsort(self.axes)))


def matrices(model):
    """The weights that the exporter quantizes: trainable matrices and tables of 1024 numbers on.

    Biases, normalizations and smaller weights are left out: little is to be won there.

    Args:
        model: any `keras.Model` that is built.

    Returns:
        A list of `Matrix`.

    Raises:
        UserError: there are none, or the model does not run on TensorFlow.
    """
    if keras.config.backend() != "tensorflow":
        raise UserError(
            "Compression while training runs on Keras's TensorFlow backend. "
            f"Received: backend {keras.config.backend()}."
        )
    found = {}
    for layer in model._flatten_layers():
        for variable in layer._trainable_variables:
            if is_compressible(variable):
                found.setdefault(id(variable), _matrix(layer, variable))
    if not found:
        raise UserError(
            f"The model must have a trainable weight of at least {SMALLEST} numbers besides "
            "biases. It has none."
        )
    return sorted(found.values(), key=lambda matrix: matrix.path)


def is_compressible(variable):
    """Whether a variable is a trainable matrix or table of 1024 numbers at least."""
    return (
        variable.trainable
        and variable.dtype == "float32"
        and len(variable.shape) > 1
        and not variable.name.endswith("bias")
        and math.prod(variable.shape) >= SMALLEST
    )


def weight_report(model):
    """What the weights have become.

    Returns:
        A dict of `matrices`, `numbers` in them, `sparsity` (the share that is 0) and
        `distinct_values` (the most that a matrix holds).
    """
    values = [np.asarray(matrix.variable) for matrix in matrices(model)]
    numbers = sum(value.size for value in values)
    return {
        "matrices": len(values),
        "numbers": numbers,
        "sparsity": sum(int((value == 0).sum()) for value in values) / numbers,
        "distinct_values": max(len(np.unique(value)) for value in values),
    }


def _matrix(layer, variable):
    """The layout of a variable: LiteRT's kernels have outputs first."""
    rank = len(variable.shape)
    if not variable.name.endswith("kernel"):
        return Matrix(variable, variable.path, tuple(range(rank)), rank - 1, True)
    outputs = [rank - 1]
    if isinstance(layer, keras.layers.EinsumDense):
        letters, result = layer.equation.replace("...", "").split(",")[1].split("->")
        outputs = [axis for axis, letter in enumerate(letters) if letter in result]
    inputs = [axis for axis in range(rank) if axis not in outputs]
    return Matrix(variable, variable.path, (*outputs, *inputs), len(outputs), False)
