"""Stage 2 of benchmarks/decomposition.py: students of a BERT that was fine-tuned on each task."""

import dataclasses
import json
import tempfile

from decomposition_table import ORIGINAL
from method_glue import PAIR_POOLING, small_glue


def stage_2(arguments, preset, folder, key, scores):
    """Fill the scores of each task: a list of the seeds' means of its metrics."""
    from eelbert_tf.glue.source import read_tasks

    chosen = {
        name: json.loads((folder / name / "glue.json").read_text())["tasks"]
        for name in (ORIGINAL, key)
    }
    source = small_glue(arguments.glue, arguments.work / "glue_rows")
    tasks, _ = read_tasks(source, list(arguments.tasks))
    for task, data in tasks.items():
        if task.title in scores:
            continue
        train, dev = named(task, data.train), {p: named(task, e) for p, e in data.dev.items()}
        settings = [chosen[name][task.name]["chosen"] for name in (ORIGINAL, key)]
        teacher = fine_tuned(arguments, task, train, settings[0])
        seeds = range(arguments.glue_seeds)
        scores[task.title] = [
            score(task, distilled(arguments, task, train, teacher, preset, settings[1], seed), dev)
            for seed in seeds
        ]
        yield task.title


def named(task, examples):
    """The rows with the labels as the models know them."""
    from eelbert_tf.glue.labels import class_ids

    if task.regression:
        return examples
    labels = [task.labels[number] for number in class_ids(task, examples)]
    return dataclasses.replace(examples, labels=labels)


def classifier(arguments, task, preset, seed, train):
    """As `eelbert glue` makes it."""
    from eelbert_tf.glue.preset_model import PresetModel
    from eelbert_tf.glue.recipe import Recipe

    recipe = Recipe(pair_pooling=PAIR_POOLING)
    model = PresetModel(preset, arguments.glue_dtype).classifier(
        task.labels,
        recipe.pooling_of(task.pair),
        recipe.max_words,
        seed,
        recipe.cross_attention_of(task.pair),
    )
    if task.regression:
        model.head.answer_at_first(train.labels)
    return model


def fine_tuned(arguments, task, train, settings):
    """The original, fine-tuned: the teacher."""
    from eelbert_tf.training.fine_tune import fit

    teacher = classifier(arguments, task, arguments.bert, 0, train)
    fit(teacher, train, epochs=arguments.glue_epochs, seed=0, verbose=0, **settings)
    return teacher


def layer_config(arguments, epochs, seed=0):
    """How layers are learnt in both stages."""
    from eelbert_tf.distillation.config import LayerConfig

    return LayerConfig(
        epochs=epochs,
        batch_tokens=arguments.layer_batch_tokens,
        learning_rate=arguments.layer_rate,
        seed=seed,
        dtype=arguments.glue_dtype,
    )


def distilled(arguments, task, train, teacher, preset, settings, seed):
    from eelbert_tf.distillation.config import AnswerConfig
    from eelbert_tf.distillation.distill_task import distill_task

    student = classifier(arguments, task, preset, seed, train)
    layers = layer_config(arguments, arguments.layer_epochs, seed)
    answers = AnswerConfig(epochs=arguments.glue_epochs, seed=seed, **settings)
    with tempfile.TemporaryDirectory(dir=arguments.work) as run:
        return distill_task(teacher, student, train, run, layers, answers)


def score(task, model, dev):
    """The mean of all metrics of all dev parts."""
    import numpy as np

    from eelbert_tf.glue.labels import class_ids
    from eelbert_tf.glue.metrics import main_score, task_metrics
    from eelbert_tf.training.evaluate import inputs

    values = {}
    for part, examples in dev.items():
        answers = np.asarray(model.predict(inputs(examples), verbose=0))
        answers = answers.ravel() if task.regression else answers.argmax(axis=-1)
        metrics = task_metrics(task.metrics, class_ids(task, examples), answers)
        values |= {f"{name}{part}": value for name, value in metrics.items()}
    return main_score(values)
