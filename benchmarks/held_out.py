"""A preset's scores on rows held out of train: what choices and ablations are made on."""

import pathlib
import statistics
import tempfile

# The metric of each task that is shown.
METRICS = {
    "cola": ("CoLA, Matthews", "matthews"),
    "sst2": ("SST-2", "accuracy"),
    "stsb": ("STS-B, Spearman", "spearman"),
    "mrpc": ("MRPC, F1", "f1"),
}
BATCH_SIZE, RATE = 32, 1e-3


def scores(preset, glue):
    """The metrics of the held-out tenth of each task.

    Fine-tuned as `eelbert glue` does its grid, seed 0, one rate; SST-2 on 10,000 rows. No dev row
    is read.

    Args:
        preset: name or directory.
        glue: directory of the tasks.
    """
    from eelbert_tf.glue.recipe import Recipe

    recipe = Recipe(seeds=1, learning_rates=(RATE,))
    return {
        task: engine_of(preset, glue, task, recipe).train(BATCH_SIZE, RATE, 0, part="grid").metrics
        for task in METRICS
    }


def engine_of(preset, glue, task, recipe):
    """The `Engine` that trains a preset on a task's rows but the held-out tenth."""
    from eelbert_tf.glue.preset_model import PresetModel
    from eelbert_tf.glue.progress import Progress
    from eelbert_tf.glue.run_store import RunStore
    from eelbert_tf.glue.source import read_tasks
    from eelbert_tf.glue.task_run import TaskRun

    ((task, data),) = read_tasks(glue, [task])[0].items()
    with tempfile.TemporaryDirectory() as folder:
        store, progress = RunStore(pathlib.Path(folder)), Progress(lambda line: None)
        return TaskRun(task, data, PresetModel(str(preset)), recipe, store, progress).engine


def columns():
    """The head of a table's columns of scores."""
    return " | ".join(title for title, _ in METRICS.values())


def shown(held_out):
    """A row's scores, in percent."""
    return " | ".join(f"{100 * held_out[task][key]:.1f}" for task, (_, key) in METRICS.items())


def mean(held_out):
    """The mean of the scores that are shown."""
    return statistics.fmean(held_out[task][key] for task, (_, key) in METRICS.items())
