"""Many steps of pretraining in one compiled call, on the JAX backend.

A GPU does a step of a small model faster than Python can ask for it, or gather its vectors. So
tables stay on the device, batches hold rows of them, and a call does many steps (what Keras calls
`steps_per_execution`).
"""

import itertools

import jax
import keras
import numpy as np

from eelbert_tf.distribution.jax_replicas import JaxReplicas
from eelbert_tf.distribution.parts import part
from eelbert_tf.pretraining.embedding_gradients import add_up_by_products
from eelbert_tf.pretraining.pretraining_model import losses_of
from eelbert_tf.pretraining.word_inputs import looked_up

STEPS_OF_ROUND = 512


def fused(backbone, examples, steps, steps_per_execution, answered=None):
    """What `trainer.train` takes for many steps in one call: a dict.

    Args:
        backbone: what trains. Gradients of its embeddings are from then on added up by products.
        examples: `pretraining_model.Examples`, whose inputs and objectives are `as_rows`.
        steps: int, of the run.
        steps_per_execution: int.
        answered: as of `FusedReplicas`.
    """
    add_up_by_products(backbone.layers)
    tables = dict(examples.inputs.tables)
    for objective in examples.objectives:
        tables.update(objective.tables)
    return {
        "examples": Rounds(examples, steps, steps_per_execution),
        "replicas": FusedReplicas(losses_of(examples.objectives), tables, answered),
        "steps_of_round": STEPS_OF_ROUND,
    }


class Rounds:
    """Batches in rounds of 512 steps. In a round, those of one shape are trained on together.

    A round follows from its first step alone, and is whole or not done.

    Args:
        examples: `pretraining_model.Examples`, whose inputs and objectives are `as_rows`.
        steps: int, of the run.
        steps_per_execution: int. Steps of one call.
    """

    def __init__(self, examples, steps, steps_per_execution):
        self.examples, self.steps, self.size = examples, steps, steps_per_execution

    def from_step(self, step):
        """Yields `(words, round_of)`, a round each; see `pretraining_model.Examples`.

        `round_of()` is a list of `(batches, is_real)`: arrays of `steps_per_execution` batches,
        and which of these are no filling.
        """
        stream = self.examples.batches.from_step(step)
        while step < self.steps:
            count = min(STEPS_OF_ROUND, self.steps - step)
            batches = list(itertools.islice(stream, count))
            words = sum(int((batch.numbers >= 0).sum()) for batch in batches)
            groups = self._groups(batches, step)
            yield words, lambda groups=groups: groups
            step += count

    def _groups(self, batches, step):
        by_shape = {}
        for place, batch in enumerate(batches):
            full = self.examples.batches.rows_of(batch.numbers.shape[1])
            example = part(self.examples.example(batch, step + place), 0, 1, multiple=full)
            shape = tuple(array.shape for array in keras.tree.flatten(example))
            by_shape.setdefault(shape, []).append(example)
        groups = []
        for alike in by_shape.values():
            for start in range(0, len(alike), self.size):
                taken = alike[start : start + self.size]
                is_real = np.arange(self.size) < len(taken)
                taken = taken + taken[:1] * (self.size - len(taken))
                stacked = keras.tree.map_structure(lambda *arrays: np.stack(arrays), *taken)
                groups.append((stacked, is_real))
        order = np.random.default_rng([self.examples.seed, step, 2]).permutation(len(groups))
        return [groups[place] for place in order]


class FusedReplicas(JaxReplicas):
    """What `trainer.train` asks of devices, for `Rounds`.

    Args:
        losses: dict of Keras losses by output.
        tables: dict of arrays, of the inputs and of the targets.
        answered: function of the tables and a batch's `(targets, weights)`, which gives these as
            the losses take them, computed on the device. None: they are so already.
    """

    def __init__(self, losses, tables, answered=None):
        super().__init__()
        self.losses, self.tables = losses, tables
        self.answered = answered or (lambda tables, y, weights: (y, weights))

    def placed(self, round_of):
        """The groups of a round, on the device."""
        return jax.device_put(round_of())

    def step_function(self, model, placed):
        """A function of a round that trains on it and gives the mean losses by name."""
        tables = jax.device_put(self.tables)
        execution = jax.jit(self._execution(model), donate_argnums=1)
        variables = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
        )

        def round_(groups):
            # The values are given away, so none of them may stand in two places.
            state = [[variable.value + 0 for variable in kind] for kind in variables]
            sums, count = {}, 0
            for batches, is_real in groups:
                state, losses = execution(tables, state, batches, is_real)
                sums = {name: sums.get(name, 0.0) + value for name, value in losses.items()}
                count += is_real.sum()
            for kind, values in zip(variables, state):
                for variable, value in zip(kind, values):
                    variable.assign(value)
            return {name: value / count for name, value in sums.items()}

        return round_

    def _execution(self, model):
        def loss_of(trainable, others, x, y, weights):
            outputs, others = model.stateless_call(trainable, others, x, training=True)
            losses = {
                name: loss(y[name], outputs[name], sample_weight=weights[name])
                for name, loss in self.losses.items()
            }
            total = sum(losses.values())
            return total, (others, {"loss": total, **losses})

        def step(tables, state, batch):
            trainable, others, of_optimizer = state
            x, y, weights = batch
            x, y = looked_up(tables, x), looked_up(tables, y)
            y, weights = self.answered(tables, y, weights)
            gradient = jax.grad(loss_of, has_aux=True)
            gradients, (others, losses) = gradient(trainable, others, x, y, weights)
            trainable, of_optimizer = model.optimizer.stateless_apply(
                of_optimizer, gradients, trainable
            )
            return [trainable, others, of_optimizer], losses

        def execution(tables, state, batches, is_real):
            def body(state, item):
                batch, real = item
                new, losses = step(tables, state, batch)
                kept = jax.tree.map(
                    lambda old, value: jax.numpy.where(real, value, old), state, new
                )
                return kept, {name: loss * real for name, loss in losses.items()}

            state, losses = jax.lax.scan(body, state, (batches, is_real))
            return state, {name: loss.sum() for name, loss in losses.items()}

        return execution
