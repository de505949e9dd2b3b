"""`MixedEmbedding`: the token tables of a teacher and of a student in one space."""

import keras
from keras import ops


class MixedEmbedding(keras.layers.Layer):
    """Vectors of the teacher's width, for pieces of both vocabularies.

    A piece of the teacher has its row of the teacher's table. One of the student has its row of the
    student's table, of the student's width, through a trainable affine map.

    Args:
        teacher, student: token embeddings, such as KerasHub's `ReversibleEmbedding`; shared with
            the models that they belong to.

    Call arguments:
        ids: int32 `(batch, sequence)`, the student's pieces behind the teacher's.

    Returns:
        `(batch, sequence, teacher.output_dim)`.
    """

    def __init__(self, teacher, student, **kwargs):
        super().__init__(**kwargs)
        self.teacher, self.student = teacher, student
        self.affine = keras.layers.Dense(teacher.output_dim, dtype=self.dtype_policy, name="affine")

    def build(self, input_shape):
        self.affine.build((None, None, self.student.output_dim))
        self.built = True

    def call(self, ids):
        offset = self.teacher.input_dim
        others = ids >= offset
        own = self.teacher(ops.where(others, 0, ids))
        mapped = self.affine(self.student(ops.where(others, ids - offset, 0)))
        return ops.where(others[..., None], mapped, own)

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.teacher.output_dim)
