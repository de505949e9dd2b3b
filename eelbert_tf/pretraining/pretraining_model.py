"""A backbone with the heads of its objectives, and the batches that it learns from."""

import functools

import keras
import numpy as np

from eelbert_tf.distribution.parts import part
from eelbert_tf.pretraining.objectives import CosineDistance, Example, combined_corruption

_LOSSES = {
    "sparse_categorical_crossentropy_from_logits": lambda: (
        keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    ),
    "mean_squared_error": keras.losses.MeanSquaredError,
    "cosine_distance": CosineDistance,
}


def pretraining_model(backbone, objectives, optimizer):
    """A compiled Keras model of a backbone and the heads of objectives.

    Args:
        backbone: `EelbertBackbone`, or KerasHub's `BertBackbone`.
        objectives: list of objects of `objectives`.
        optimizer: Keras optimizer.
    """
    inputs, outputs = dict(backbone.input), {}
    encoded = backbone.output
    if isinstance(encoded, dict):  # KerasHub's BERT, whose pooler learns nothing here
        encoded = encoded["sequence_output"]
    for objective in objectives:
        own_outputs, own_inputs = objective.head(backbone.input, encoded)
        # Losses are computed in float32, whatever the encoder computes in.
        for name, output in own_outputs.items():
            outputs[name] = keras.ops.cast(output, "float32")
        inputs.update(own_inputs)
    model = keras.Model(inputs, outputs)
    options = {"jit_compile": False} if keras.config.backend() == "tensorflow" else {}
    model.compile(optimizer=optimizer, loss=losses_of(objectives), **options)
    return model


def losses_of(objectives):
    """The Keras loss of each output of objectives: a dict."""
    return {
        name: _LOSSES[loss]() for objective in objectives for name, loss in objective.losses.items()
    }


class Examples:
    """Batches `(x, y, sample_weight)` of a pretraining model, the same for the same step.

    Every worker makes the whole batch and takes its part.

    Args:
        batches: `SequenceBatches`.
        inputs: `HashedInputs` or `PieceInputs`.
        objectives: list of objects of `objectives`.
        seed: int, of the corruption.
    """

    def __init__(self, batches, inputs, objectives, seed=0):
        self.batches, self.inputs, self.objectives = batches, inputs, objectives
        self.corruption = combined_corruption(objectives)
        self.seed = seed

    def from_step(self, step):
        """Yields `(words, part_of)` without end.

        `words` is how many words a batch holds; `part_of(index, count)` the part of it that one of
        `count` replicas takes, see `parts.part`.
        """
        for batch in self.batches.from_step(step):
            yield (
                int((batch.numbers >= 0).sum()),
                functools.partial(part, self.example(batch, step)),
            )
            step += 1

    def example(self, batch, step):
        """`(x, y, sample_weight)` of a batch, the one with number `step`."""
        rng = np.random.default_rng([self.seed, step, 1])
        corrupted, kinds = self.corruption(batch.numbers, self.inputs.mask_number, rng)
        x, word_index = self.encoded(corrupted, step, rng)
        example = Example(batch, kinds, x, word_index)
        targets, weights = {}, {}
        for objective in self.objectives:
            own_x, own_y, own_weights = objective.targets(example, rng)
            x.update(own_x)
            targets.update(own_y)
            weights.update(own_weights)
        return x, targets, weights

    def encoded(self, numbers, step, rng):
        """The encoder's inputs of a batch of words, and the word at each place."""
        return self.inputs(numbers)
