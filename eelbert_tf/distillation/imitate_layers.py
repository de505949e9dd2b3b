"""A student's encoder learns a teacher's layers on sequences of words."""

import dataclasses

import keras

from eelbert_tf.distillation.layer_imitation import LayerImitation
from eelbert_tf.distillation.reading import Reading
from eelbert_tf.pretraining.pretraining_model import Examples, pretraining_model
from eelbert_tf.pretraining.sequences import FEW_LENGTHS, LENGTHS, SequenceBatches
from eelbert_tf.pretraining.several_steps import several_steps
from eelbert_tf.pretraining.student import like
from eelbert_tf.training.fine_tune import optimizer
from eelbert_tf.training.trainer import train


def imitate_layers(teacher, student, shards, run, config, facts, **loop):
    """Train a student's encoder in place; see `LayerImitation` for the losses.

    Args:
        teacher, student: `EncoderPreset`s.
        shards: `Shards`, or what else has `words`, `load` and a length, such as `TextRows`.
        run: path of a directory for the checkpoint; the same call goes on from there.
        config: `LayerConfig`.
        facts: dict, what else must be the same when a run goes on.
        **loop: `report`, `callbacks` and `checkpoint_seconds` of `trainer.train`.

    Raises:
        UserError: there is no such layer, or the training diverges.
    """
    several = several_steps(config.steps_per_execution)
    keras.utils.set_random_seed(config.seed)
    words, _ = shards.words()
    reads = Reading(student, words, several), Reading(teacher, words, several)
    if reads[0].tokens == reads[1].tokens:
        reads[0].length = reads[1].length = min(reads[0].length, reads[1].length)
    # Dropout would be noise in what is compared; the student keeps its own for fine-tuning.
    backbone = like(student.backbone, dtype=config.dtype, dropout=0.0)
    guide = like(teacher.backbone, dtype=config.teacher_dtype)
    objective = LayerImitation(backbone, guide, reads, config.layers)
    lengths = FEW_LENGTHS if several else LENGTHS
    batches = SequenceBatches(shards, config.batch_tokens, config.seed, lengths=lengths)
    steps = max(1, round(config.epochs * batches.steps_of_epoch()))
    model = pretraining_model(backbone, [objective], optimizer(config.learning_rate, steps))
    run.mkdir(parents=True, exist_ok=True)
    settings = {**dataclasses.asdict(config), "layers": [list(pair) for pair in objective.pairs]}
    examples = Examples(batches, reads[0], [objective], config.seed)
    loop["examples"] = examples
    if several:
        from eelbert_tf.pretraining.fused_steps import fused

        size, answered = config.steps_per_execution, objective.answered
        loop |= fused(backbone, examples, steps, size, answered)
    train(model, steps=steps, directory=run, facts={**settings, **facts}, **loop)
    student.backbone.set_weights(backbone.get_weights())
