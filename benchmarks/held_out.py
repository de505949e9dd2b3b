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
RATE = 1e-3


def scores(preset, glue):
    """The metrics of the held-out tenth of each task.

    Fine-tuned as `eelbert glue` does its grid, seed 0, one rate; SST-2 on 10,000 rows. No dev row
    is read.

    Args:
        preset: name or directory.
        glue: directory of the tasks.
    """
    from eelbert_tf.glue.preset_model import PresetModel
    from eelbert_tf.glue.progress import Progress
    from eelbert_tf.glue.recipe import Recipe
    from eelbert_tf.glue.run_store import RunStore
    from eelbert_tf.glue.source import read_tasks
    from eelbert_tf.glue.task_run import TaskRun

    model, progress = PresetModel(str(preset)), Progress(lambda line: None)
    data, _ = read_tasks(glue, list(METRICS))
    with tempfile.TemporaryDirectory() as folder:
        recipe = Recipe(seeds=1, learning_rates=(RATE,))
        store = RunStore(pathlib.Path(folder))
        return {
            task.name: TaskRun(task, parts, model, recipe, store, progress).grid()[0]["held_out"]
            for task, parts in data.items()
        }


def columns():
    """The head of a table's columns of scores."""
    return " | ".join(title for title, _ in METRICS.values())


def shown(held_out):
    """A row's scores, in percent."""
    return " | ".join(f"{100 * held_out[task][key]:.1f}" for task, (_, key) in METRICS.items())


def mean(held_out):
    """The mean of the scores that are shown."""
    return statistics.fmean(held_out[task][key] for task, (_, key) in METRICS.items())
