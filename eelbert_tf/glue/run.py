"""All tasks of GLUE with one model, and the tables of what came out."""

import dataclasses
import pathlib

from eelbert_tf.errors import UserError
from eelbert_tf.glue.intermediate import read_intermediate
from eelbert_tf.glue.kept_models import keep_model
from eelbert_tf.glue.prediction_files import write_predictions
from eelbert_tf.glue.preset_model import PresetModel
from eelbert_tf.glue.progress import Progress
from eelbert_tf.glue.run_store import RunStore, write_json
from eelbert_tf.glue.source import read_tasks
from eelbert_tf.glue.summary import dev_metrics, median_seed, summarize
from eelbert_tf.glue.table import markdown
from eelbert_tf.glue.task_run import ALL, ENCODER, TaskRun, best_of
from eelbert_tf.training.model_directory import versions


def run_glue(
    preset,
    out,
    recipe,
    source="tfds",
    tasks=None,
    intermediate=None,
    keep_models=False,
    overwrite=False,
    data_dir=None,
    say=None,
    after_step=None,
):
    """Fine-tune a preset on GLUE and write `glue.json`, `glue.md` and `predictions/`.

    Each run is kept in `out/runs` as it ends: started again, what is there is not made again.

    Args:
        preset: see `PresetModel`.
        out: str or path, a directory.
        recipe: `Recipe`.
        source: see `read_tasks`.
        tasks: list of tasks' names, or None for all that are there.
        intermediate: dict from tasks' names to `(path, column)`, what their encoders learn first.
        keep_models: bool. Whether the median seeds' models are kept in `out/models`.
        overwrite: bool. Whether runs of other settings in `out` are made again.
        data_dir: where TFDS keeps its data sets.
        say: function of a line; prints unless given.
        after_step: function or None, called after each step of training.

    Returns:
        What `glue.json` holds.

    Raises:
        UserError: something given cannot be used; see the parts.

    Example:

    ```python
    run_glue("eelbert_uno", "results", Recipe(seeds=1), source="glue", tasks=["sst2"])
    ```
    """
    out, intermediate = pathlib.Path(out), intermediate or {}
    if out.exists() and not out.is_dir():
        raise UserError(f"`--out` must be a directory. {out} is a file: name another path.")
    model = PresetModel(preset, recipe.dtype)
    if keep_models and model.is_bert:
        raise UserError(
            "`--keep-models` saves presets of this package; a BertBackbone has none. Leave it out."
        )
    if keep_models and recipe.dtype != "float32":
        raise UserError(
            "`--keep-models` saves models that compute in float32. "
            f"Received: dtype={recipe.dtype!r}. Leave one of them out."
        )
    data, missing = read_tasks(source, tasks, data_dir)
    strangers = sorted(set(intermediate) - {task.name for task in data})
    if strangers:
        raise UserError(
            f"`--intermediate` names {', '.join(strangers)}, which is not among the tasks: "
            f"{', '.join(task.name for task in data)}."
        )
    progress = Progress(say)
    if missing:
        progress.say(f"left out, since their files are not there: {', '.join(missing)}")
    store = RunStore(out / "runs", overwrite)
    runs = []
    for task, parts in data.items():
        shared = {"store": store, "progress": progress, "after_step": after_step}
        before = None
        if task.name in intermediate:
            first = read_intermediate(*intermediate[task.name], task, parts)
            progress.say(
                f"{first.task.name}: {len(first.data.train)} rows; {first.left_out} left out, "
                f"whose texts stand in dev or test of {task.title}"
            )
            before = TaskRun(first.task, first.data, model, recipe, keep=ENCODER, **shared)
        keep = ALL if keep_models else None
        runs.append(TaskRun(task, parts, model, recipe, keep=keep, before=before, **shared))
    progress.total = sum(_work(run) for run in runs)
    results = {
        "model": {"name": model.name, "fingerprint": model.fingerprint},
        "recipe": dataclasses.asdict(recipe),
        "intermediate": {name: list(value) for name, value in intermediate.items()},
        "versions": versions(),
        "tasks_left_out": missing,
        "tasks": {},
    }
    while runs:
        run = runs.pop(0)  # let go of its rows and model once it is done
        results["tasks"][run.task.name] = _task_results(run, out, keep_models)
        write_json(out / "glue.json", results)
        (out / "glue.md").write_text(markdown(results), encoding="utf-8")
    return results


def _work(run):
    grid, seed = run.work
    before = 0 if run.before is None else run.before.work[0]
    return before + (grid if _searches(run) else 0) + run.recipe.seeds * seed


def _searches(run):
    """Whether there is a batch size or a rate to choose; one setting alone needs no run of it."""
    return len(run.recipe.grid()) > 1


def _task_results(run, out, keep_models):
    """Make all runs of a task, write its files, and give its part of `glue.json`."""
    grid = run.grid() if _searches(run) else []
    batch_size, learning_rate = run.recipe.grid()[0]
    chosen = {"batch_size": batch_size, "learning_rate": learning_rate}
    if grid:
        chosen = {name: best_of(grid)[name] for name in chosen}
    seeds = [run.seed(seed, **chosen) for seed in range(run.recipe.seeds)]
    middle = median_seed(seeds)
    results = {
        "title": run.task.title,
        "rows": run.sizes,
        "data": run.made_with["data"],
        "parameters": middle["parameters"],
        "pooling": run.recipe.pooling_of(run.task.pair),
        "cross_attention": run.recipe.cross_attention_of(run.task.pair),
        "before": None if run.before is None else _public(best_of(run.before.grid())),
        "grid": [_public(result) for result in grid],
        "chosen": chosen,
        "seeds": [{**_public(result), "dev": dev_metrics(result)} for result in seeds],
        **summarize(run.task, run.data, seeds),
        "prediction_files": write_predictions(out / "predictions", run.task, run.data, middle),
    }
    if keep_models:
        results["litert_int8"] = keep_model(run, middle["seed"], out / "models")
    return results


def _public(result):
    """A result without its answers."""
    return {name: value for name, value in result.items() if name not in ("dev", "test")}
