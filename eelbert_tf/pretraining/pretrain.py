"""`pretrain`: from shards to a preset, by the objectives that were asked for."""

import dataclasses
import pathlib

from eelbert_tf.distribution.strategies import open_replicas
from eelbert_tf.errors import UserError
from eelbert_tf.files import check_free, replaced
from eelbert_tf.pretraining.config import PretrainingConfig
from eelbert_tf.pretraining.student import like, objective, student


def pretrain(
    shards,
    preset,
    out,
    config=None,
    targets=None,
    warm_start_from=None,
    overwrite=False,
    report=None,
    callbacks=(),
    checkpoint_seconds=180.0,
    replicas=None,
):
    """Pretrain a backbone on shards and save it as a preset.

    After distillation the preset is also that of an `EelbertTextEmbedder`: its head is what learnt
    the teacher's sentence vectors.

    While it runs, the checkpoint is in `<out>.run`; the same call goes on from there.

    Args:
        shards: `Shards`.
        preset: str or path. An architecture's name, a preset directory (warm start), or a
            directory of a KerasHub BERT with its tokenizer.
        out: path of the preset directory.
        config: `PretrainingConfig`.
        targets: `Targets` of a teacher, which distillation needs. Only the shards that the
            teacher has read are learnt from.
        warm_start_from: path of a trained BERT of the same shape, whose encoder is the start.
        overwrite: bool. Whether a preset at `out` may be replaced.
        report: function of a `trainer.Progress`, or None.
        callbacks: Keras callbacks, such as TensorBoard.
        checkpoint_seconds: float.
        replicas: what `open_replicas` gave, to train on several devices; the chief alone writes.

    Returns:
        The backbone.

    Raises:
        UserError: settings contradict each other, `out` exists, the loss diverges, another worker
            has stopped.

    Example:

    ```python
    pretrain(Shards("shards"), "eelbert_uno", "my_preset")
    ```
    """
    import keras

    from eelbert_tf.models.bert_directory import has_masked_lm, load_bert, load_masked_lm
    from eelbert_tf.pretraining.imitation import imitate, word_means
    from eelbert_tf.pretraining.pretraining_model import Examples, pretraining_model
    from eelbert_tf.pretraining.several_steps import several_steps
    from eelbert_tf.pretraining.warm_start import warm_start
    from eelbert_tf.training.checkpoint import CHECKPOINT_FILE
    from eelbert_tf.training.trainer import train

    config = config or PretrainingConfig()
    check_free(out, overwrite, directory=True)
    if (config.has_teacher or config.imitation_steps) and targets is None:
        raise UserError(
            "Distillation and imitation need the targets of a teacher. Received: none. Name a "
            "teacher."
        )
    replicas = replicas or open_replicas()
    several = several_steps(config.steps_per_execution, replicas.count)
    keras.utils.set_random_seed(config.seed)
    words, _ = shards.words()
    indices = targets.shards if targets is not None else None
    batches = sequence_batches(shards, config, indices)
    steps = max(1, round(config.epochs * batches.steps_of_epoch()))
    with replicas.scope():
        backbone, inputs, save = student(preset, words, config)
        objectives = [
            objective(name, config, targets, backbone, inputs) for name in config.objectives
        ]
        if warm_start_from is not None:
            warm_start(backbone, load_bert(warm_start_from)[0])
        model = pretraining_model(backbone, objectives, optimizer(config, steps))
        if "masked_lm" in config.objectives and has_masked_lm(preset):
            head = load_masked_lm(preset).masked_lm_head
            model.get_layer(head.name).set_weights(head.get_weights())
    examples = Examples(batches, inputs, objectives, config.seed)
    loop = {"examples": examples, "replicas": replicas}
    run = pathlib.Path(f"{out}.run")
    run.mkdir(parents=True, exist_ok=True)
    facts = {
        **dataclasses.asdict(config),
        "objectives": list(config.objectives),
        "preset": pathlib.Path(preset).name,
        "warm_start_from": warm_start_from and pathlib.Path(warm_start_from).name,
        "corpus": shards.manifest["words_file"]["sha256"],
        "shards": batches.indices,
    }
    begins = replicas.is_chief and not (run / CHECKPOINT_FILE).exists()
    if config.imitation_steps and begins:
        # It is a minute on one device; other workers take the weights from the first checkpoint.
        imitating = backbone if replicas.count == 1 else like(backbone)
        means = word_means(targets, shards)
        imitate(imitating, inputs, means, config.imitation_steps, seed=config.seed)
        backbone.set_weights(imitating.get_weights())
    if several:
        from eelbert_tf.pretraining.fused_steps import fused

        loop = fused(backbone, examples, steps, config.steps_per_execution)
    train(
        model,
        steps=steps,
        directory=run,
        facts=facts,
        report=report,
        callbacks=callbacks,
        checkpoint_seconds=checkpoint_seconds,
        **loop,
    )
    if replicas.is_chief:
        with replaced(out, overwrite) as directory:
            save(directory, model)
    return backbone


def sequence_batches(shards, config, indices=None):
    """The batches of a run: `SequenceBatches`, or `PackedBatches` where rows have as many words."""
    from eelbert_tf.pretraining.sequences import (
        FEW_LENGTHS,
        LENGTHS,
        PackedBatches,
        SequenceBatches,
    )

    settings = (shards, config.batch_tokens, config.seed, indices)
    if config.row_words:
        return PackedBatches(*settings, config.row_words)
    lengths = FEW_LENGTHS if config.steps_per_execution > 1 else LENGTHS
    return SequenceBatches(*settings, lengths=lengths)


def optimizer(config, steps):
    """AdamW as a run has it: warmed up over a twentieth of the steps, then along a cosine to 0."""
    import keras

    from eelbert_tf.training.fused_adamw import FusedAdamW

    warm = max(1, steps // 20)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0,
        max(1, steps - warm),
        warmup_target=config.learning_rate,
        warmup_steps=warm,
    )
    result = FusedAdamW(
        schedule, weight_decay=config.weight_decay, global_clipnorm=1.0, beta_2=0.98
    )
    result.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return result
