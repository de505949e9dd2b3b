"""`QuantizationAwareTraining`: weights learn on the grid that the exporter stores."""

import tensorflow as tf

from eelbert_tf.compression.straight_through import StraightThrough
from eelbert_tf.errors import UserError
from eelbert_tf.export.row_codes import encode_rows

BITS = (8, 4)


class QuantizationAwareTraining(StraightThrough):
    """Trains a model whose matrices are multiples of a scale a row, as `--quantize` stores them.

    The scales are those of `encode_rows`: one an output of a dense layer, one a row of a table.
    What comes out is on the exporter's grid, so that quantizing it later changes no weight.

    Args:
        bits: 8 or 4. Matrices of an odd size keep 8, as in the exporter.
        layer_bits: dict from the beginnings of variables' paths to bits, for layers that need
            others than `bits`.
        refresh_every: int. Batches after which 4 bits choose anew how far a row is clipped.

    Raises:
        UserError: `bits` is neither 8 nor 4.

    Example:

    ```python
    model.fit(x, y, callbacks=[QuantizationAwareTraining(bits=4, layer_bits={"head": 8})])
    ```
    """

    def __init__(self, bits=8, layer_bits=None, refresh_every=100):
        super().__init__(refresh_every)
        self.bits, self.layer_bits = bits, dict(layer_bits or {})
        for value in (bits, *self.layer_bits.values()):
            if value not in BITS:
                raise UserError(f"`bits` must be 8 or 4. Received: bits={value}.")

    def start(self, matrix, rows):
        bits = self._bits(matrix)
        return {
            "rows": rows,
            "bits": bits,
            "limit": 2 ** (bits - 1) - 1,
            "clips": tf.Variable(tf.ones((rows.shape[0], 1)), trainable=False),
        }

    def refresh(self, kept):
        rows = kept["rows"].numpy()
        _, scales = encode_rows(rows, kept["bits"])
        kept["clips"].assign(scales[:, None] * kept["limit"] / _largest(rows, kept["limit"]))

    def advance(self, kept, change):
        rows, limit = kept["rows"], kept["limit"]
        rows.assign_add(change)
        scales = _largest(rows, limit) * kept["clips"] / limit
        return tf.clip_by_value(tf.round(rows / scales), -limit, limit) * scales

    def _bits(self, matrix):
        """As many as the exporter gives to what it stores in pairs of a byte."""
        rows, columns = matrix.shape
        is_odd = columns % 2 if matrix.is_table else rows * columns % 2
        if is_odd:
            return 8
        found = (bits for start, bits in self.layer_bits.items() if matrix.path.startswith(start))
        return next(found, self.bits)


def prepare(task, bits):
    """The callbacks that train a task for `--quantize int8` or `int4`.

    What runs once a text, the head, keeps 8 bits.
    """
    return [QuantizationAwareTraining(bits, layer_bits={"head/": 8})]


def _largest(rows, limit):
    largest = tf.reduce_max(tf.abs(rows), axis=1, keepdims=True)
    return tf.where(tf.equal(largest, 0.0), tf.cast(limit, rows.dtype), largest)
