"""A teacher's answers to labelled texts, in the student's order of labels, and their loss."""

import keras
import numpy as np
from keras import ops

from eelbert_tf.errors import UserError
from eelbert_tf.layers.serialization import register
from eelbert_tf.models.problem_types import REGRESSION, SINGLE_LABEL
from eelbert_tf.models.text_inputs import to_label_ids


def check_answers(teacher, labels):
    """Raise where a student cannot learn a teacher's answers.

    Args:
        teacher: `EelbertTextClassifier` or `BertTextClassifier`.
        labels: list of str, the student's; None where it gives scores.

    Raises:
        UserError: one gives scores and the other classes, or their labels are not the same set.
    """
    check_one_answer(teacher)
    kinds = {True: "scores", False: "classes"}
    if (teacher.labels is None) != (labels is None):
        raise UserError(
            "Teacher and student must both give scores, or both classes. Received: a teacher of "
            f"{kinds[teacher.labels is None]} and a student of {kinds[labels is None]}."
        )
    known = {"teacher": set(teacher.labels or []), "student": set(labels or [])}
    alone = {
        "teacher": sorted(known["teacher"] - known["student"]),
        "student": sorted(known["student"] - known["teacher"]),
    }
    differ = [f"only the {who} knows {', '.join(n[:5])}" for who, n in alone.items() if n]
    if differ:
        raise UserError(
            f"Teacher and student must know the same labels. Received: {'; '.join(differ)}. Train "
            "the teacher on rows with the labels of these."
        )


def check_one_answer(task):
    """Raise where a task gives neither one of its labels nor a score.

    Raises:
        UserError: it has no labels, or gives several of them.
    """
    kind = getattr(task, "problem_type", None)
    if kind == REGRESSION or (kind == SINGLE_LABEL and task.labels):
        return
    raise UserError(
        "Teacher and student must give one of their labels, or a score. Received: a "
        f"{type(task).__name__}{f' for {kind}' if kind else ''}"
        f"{'' if getattr(task, 'labels', None) else ' without labels'}."
    )


def answer_targets(teacher, student, x, labels, temperature=1.0):
    """What `SoftCrossEntropy` compares a student's logits with.

    Args:
        teacher, student: see `check_answers`.
        x: texts or pairs of texts, as `predict` takes them.
        labels: list of str, the rows' own.
        temperature: float.

    Returns:
        float32 `(texts, 2 * classes)`: the teacher's probabilities, then 1 at the row's label and 0
        elsewhere; both in the student's order of labels.
    """
    logits = np.asarray(teacher.predict(x, batch_size=64, verbose=0), "float32")
    logits = logits[:, [teacher.labels.index(name) for name in student.labels]]
    soft = ops.convert_to_numpy(ops.softmax(logits / temperature))
    own = np.eye(len(student.labels), dtype="float32")[to_label_ids(labels, student.labels)]
    return np.concatenate([soft, own], axis=1)


@register
class SoftCrossEntropy(keras.losses.Loss):
    """Cross-entropy with a teacher's probabilities (Hinton et al., 2015, arXiv 1503.02531).

    `(1 - w) * T^2 * H(teacher, softmax(logits / T)) + w * H(label, softmax(logits))`; T^2 keeps the
    share of both where T changes.

    Args:
        temperature: float, T.
        hard_label_weight: float, w.

    Call arguments:
        y_true: float `(batch, 2 * classes)`, see `answer_targets`.
        y_pred: float `(batch, classes)`, logits.
    """

    def __init__(self, temperature=1.0, hard_label_weight=0.0, name="soft_cross_entropy", **kwargs):
        super().__init__(name=name, **kwargs)
        self.temperature, self.hard_label_weight = temperature, hard_label_weight

    def call(self, y_true, y_pred):
        soft, hard = ops.split(y_true, 2, axis=-1)
        heated = ops.log_softmax(y_pred / self.temperature)
        of_teacher = -ops.sum(soft * heated, axis=-1) * self.temperature**2
        of_label = -ops.sum(hard * ops.log_softmax(y_pred), axis=-1)
        return (1 - self.hard_label_weight) * of_teacher + self.hard_label_weight * of_label

    def get_config(self):
        return {
            **super().get_config(),
            "temperature": self.temperature,
            "hard_label_weight": self.hard_label_weight,
        }
