"""Checks of fused steps, in a process whose Keras computes on JAX.

KERAS_BACKEND=jax python -m tests.pretraining.fused_process SHARDS STUDENT BERT TARGETS
"""

import dataclasses
import sys

import jax
import keras
import numpy as np

from eelbert_tf.pretraining import embedding_gradients, fused_steps
from eelbert_tf.pretraining import pretrain as module
from eelbert_tf.pretraining import student as made_of
from eelbert_tf.pretraining.config import PretrainingConfig
from eelbert_tf.pretraining.pretraining_model import Examples, losses_of, pretraining_model
from eelbert_tf.pretraining.shards import Shards
from eelbert_tf.pretraining.teacher import Targets
from eelbert_tf.pretraining.word_inputs import looked_up

CONFIG = PretrainingConfig(
    batch_tokens=200, label_count=20, learning_rate=1e-2, steps_per_execution=3, epochs=3
)


def steps_alone(shards, preset, targets, objectives, steps):
    """Weights and mean loss after steps of few calls, and after as many by themselves."""
    config = dataclasses.replace(CONFIG, objectives=objectives)
    words, _ = shards.words()
    results = []
    for fused in (True, False):
        keras.utils.set_random_seed(1)
        backbone, inputs, _ = made_of.student(preset, words, config)
        made = [made_of.objective(name, config, targets, backbone, inputs) for name in objectives]
        model = pretraining_model(backbone, made, module.optimizer(config, steps))
        model.optimizer.build(model.trainable_variables)
        tables = dict(inputs.tables)
        for objective in made:
            tables.update(objective.tables)
        indices = targets.shards if config.has_teacher else None
        batches = module.sequence_batches(shards, config, indices)
        rounds = fused_steps.Rounds(Examples(batches, inputs, made), steps, 3)
        ((_, round_of),) = rounds.from_step(0)
        if fused:
            embedding_gradients.add_up_by_products(backbone.layers)
            replicas = fused_steps.FusedReplicas(losses_of(made), tables)
            groups = replicas.placed(round_of)
            loss = float(replicas.step_function(model, groups)(groups)["loss"])
        else:
            losses = []
            for x, y, weights in batches_of(round_of()):
                x, y = looked_up(tables, x), looked_up(tables, y)
                logs = model.train_on_batch(x, y, sample_weight=weights, return_dict=True)
                losses.append(logs["loss"])
                model.reset_metrics()
            assert len(losses) == steps, len(losses)
            loss = np.mean(losses)
        results.append((model.get_weights(), loss))
    return results


def batches_of(groups):
    """The batches of a round, one by one, without those that fill."""
    for group, is_real in groups:
        leaves = keras.tree.flatten(group)
        for place in np.flatnonzero(is_real):
            yield keras.tree.pack_sequence_as(group, [leaf[place] for leaf in leaves])


def check_steps(shards, student, bert, targets):
    cases = [
        (student, ("distillation", "discrimination")),
        (bert, ("masked_lm", "sentence_distillation")),
    ]
    for preset, objectives in cases:
        (fused, loss), (alone, expected) = steps_alone(shards, preset, targets, objectives, 7)
        assert np.isclose(loss, expected, rtol=1e-4), (objectives, loss, expected)
        for ours, theirs in zip(fused, alone, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-4, err_msg=str(objectives))


def squares_of_ours(table, index):
    return jax.numpy.square(embedding_gradients._rows_of(table, index, "float32")).sum()


def squares(table, index):
    return jax.numpy.square(table[index]).sum()


def check_gradients():
    for size in (2, embedding_gradients.FREQUENT_ROWS + 500):
        rng = np.random.default_rng(0)
        table = rng.normal(size=(size, 3)).astype("float32")
        index = rng.integers(0, size, (5, 40))

        ours = jax.grad(squares_of_ours)(table, index)
        np.testing.assert_allclose(ours, jax.grad(squares)(table, index), rtol=1e-4)


def check_rounds(shards, student):
    """A round follows from its first step, and the last one is as short as the run."""
    fused_steps.STEPS_OF_ROUND = 4
    config = dataclasses.replace(CONFIG, objectives=("discrimination",))
    words, _ = shards.words()
    backbone, inputs, _ = made_of.student(student, words, config)
    made = [made_of.objective("discrimination", config, None, backbone, inputs)]
    examples = Examples(module.sequence_batches(shards, config), inputs, made)
    whole = list(fused_steps.Rounds(examples, 10, 3).from_step(0))
    assert [sum(real.sum() for _, real in round_of()) for _, round_of in whole] == [4, 4, 2]
    gone_on = list(fused_steps.Rounds(examples, 10, 3).from_step(4))
    for (words, ours), (others, theirs) in zip(gone_on, whole[1:], strict=True):
        assert words == others
        ours, theirs = keras.tree.flatten(ours()), keras.tree.flatten(theirs())
        for our, their in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(our, their)


def main():
    directory, student, bert, targets = sys.argv[1:]
    shards = Shards(directory)
    targets = Targets(targets, shards)
    check_gradients()
    check_steps(shards, student, bert, targets)
    check_rounds(shards, student)


if __name__ == "__main__":
    main()
