"""Layers learnt in many steps of one call, and step by step: the same. Keras computes on JAX.

KERAS_BACKEND=jax python -m tests.distillation.fused_process RUNS
"""

import dataclasses
import pathlib
import sys

import keras_hub
import numpy as np

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.data.examples import Examples
from eelbert_tf.distillation import imitate_layers as module
from eelbert_tf.distillation.config import LayerConfig
from eelbert_tf.distillation.text_rows import TextRows
from tests import toy
from tests.distillation.conftest import PIECES, SPECIAL, bert

# Seven steps, the last of an epoch with fewer rows; all in one call, so in the same order.
CONFIG = LayerConfig(epochs=1.2, batch_tokens=100, learning_rate=1e-2, teacher_dtype="float32")


def encoders():
    """Pairs of makers of students and teachers: of the same tokens, and of others."""
    tokenizer = keras_hub.models.BertTokenizer([*SPECIAL, *PIECES], lowercase=True)

    def teacher():
        return EncoderPreset(bert(), tokenizer)

    def decomposed():
        factors = {"protocol": "IV", "rank": 8, "bank": 4}
        return EncoderPreset(bert(seed=1, encoder_factors=factors), tokenizer)

    def eelbert():
        return EncoderPreset(toy.with_random_weights(toy.backbone()), toy.preprocessor())

    return (decomposed, teacher), (decomposed, eelbert)


def trained(make, teacher, rows, run, **changes):
    """The student's weights, and the last loss."""
    told, student = [], make()
    config = dataclasses.replace(CONFIG, **changes)
    module.imitate_layers(teacher, student, rows, run, config, {}, report=told.append)
    return student.backbone.get_weights(), told[-1]


def main():
    runs = pathlib.Path(sys.argv[1])
    rows = TextRows(Examples(toy.TEXTS, toy.TEXTS[::-1], None, "toy.tsv"), toy.MAX_WORDS)
    module.LENGTHS = module.FEW_LENGTHS  # batches of the same rows
    for number, (make, make_teacher) in enumerate(encoders()):
        teacher = make_teacher()
        expected, _ = trained(make, teacher, rows, runs / f"{number}-alone")
        ours, told = trained(make, teacher, rows, runs / f"{number}", steps_per_execution=16)
        assert told.step == told.steps > 5, told
        for our, their in zip(ours, expected, strict=True):
            # Adam makes steps of a gradient that is only rounding, too.
            np.testing.assert_allclose(our, their, atol=1e-3, err_msg=str(number))
        changes = [np.abs(a - b).max() for a, b in zip(ours, make().backbone.get_weights())]
        assert max(changes) > 1e-2


if __name__ == "__main__":
    main()
