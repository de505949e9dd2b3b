"""GLUE as all methods of a trained BERT are scored by it, so that their tables can be compared.

SST-2 learns from 10,000 rows; the other tasks from all of theirs.
"""

import gzip
import json
import pathlib
import statistics

# Of all tables of the methods of one BERT, which stand beside each other.
PAIR_POOLING = "pair"
TASKS = ("cola", "sst2", "mrpc", "stsb", "rte", "wnli")
SST2_ROWS = 10_000
# The dev rows of WNLI contradict its train rows: it stands in no average.
NOT_AVERAGED = "WNLI"
SETTINGS = ("glue_seeds", "glue_rates", "glue_epochs", "grid_rows", "sst2_rows")
SETTINGS += ("glue_batch_size", "glue_dtype")


def add_arguments(parser, rates=(3e-4, 1e-3), epochs=4, required=False):
    """The flags of the recipe, with a script's own defaults."""
    parser.add_argument(
        "--glue", type=pathlib.Path, required=required, help="directory of the tasks"
    )
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=TASKS)
    parser.add_argument("--glue-seeds", type=int, default=2)
    parser.add_argument("--glue-rates", type=float, nargs="+", default=rates)
    parser.add_argument("--glue-epochs", type=int, default=epochs)
    parser.add_argument("--glue-batch-size", type=int, default=64)
    parser.add_argument("--glue-dtype", default="mixed_bfloat16")
    parser.add_argument("--grid-rows", type=int, default=10_000)
    parser.set_defaults(sst2_rows=SST2_ROWS)


def small_glue(source, out):
    """The tasks as they are, but fewer rows of SST-2: a directory, made once."""
    from eelbert_tf.files import replaced

    if not out.exists():
        out.parent.mkdir(parents=True, exist_ok=True)
        with replaced(out) as directory:
            for task in TASKS:
                (directory / task).mkdir(parents=True)
                for part in ("train", "dev"):
                    file = (source / task / f"{part}.tsv.gz").resolve()
                    (directory / task / file.name).symlink_to(file)
            train = directory / "sst2" / "train.tsv.gz"
            with gzip.open(train, "rt", encoding="utf-8") as rows:
                head, *lines = rows.readlines()
            train.unlink()
            step = max(1, len(lines) // SST2_ROWS)
            with gzip.open(train, "wt", encoding="utf-8") as rows:
                rows.writelines([head, *lines[::step][:SST2_ROWS]])
    return out


def glue(preset, out, arguments):
    """The scores of each task: a list of the seeds' means of its metrics."""
    from eelbert_tf.glue.metrics import main_score
    from eelbert_tf.glue.recipe import Recipe
    from eelbert_tf.glue.run import run_glue

    recipe = Recipe(
        pair_pooling=PAIR_POOLING,
        seeds=arguments.glue_seeds,
        epochs=arguments.glue_epochs,
        learning_rates=tuple(arguments.glue_rates),
        batch_sizes=(arguments.glue_batch_size,),
        grid_rows=arguments.grid_rows,
        dtype=arguments.glue_dtype,
    )
    source = small_glue(arguments.glue, arguments.work / "glue_rows")
    results = run_glue(preset, out, recipe, source=source, tasks=list(arguments.tasks))
    return {
        task["title"]: [main_score(seed["dev"]) for seed in task["seeds"]]
        for task in results["tasks"].values()
    }


def lacks(row, arguments):
    """Whether a row of results has not all tasks yet."""
    from eelbert_tf.glue.tasks import TASKS as ALL

    return any(ALL[task].title not in row.get("glue", {}) for task in arguments.tasks)


def fill(file, made_by, steps, write):
    """Fill a table step by step; what is there already, by the same settings, stays.

    Args:
        file: path of the results, a `.json`.
        made_by: dict of `settings` and what else stands beside the rows.
        steps: function of the rows, which it fills; a generator of the name of each thing done.
        write: function of the results, called after each and at the end.

    Raises:
        SystemExit: the rows were made by other settings.
    """
    results = json.loads(file.read_text()) if file.exists() else {"rows": {}}
    made_by = json.loads(json.dumps(made_by))  # tuples as they are read back
    check_same(results, made_by)
    file.parent.mkdir(parents=True, exist_ok=True)
    for step in steps(results["rows"]):
        results["made_by"] = made_by
        file.write_text(json.dumps(results, indent=1) + "\n")
        write(results)
        print(step, flush=True)
    write(results)


def check_same(results, settings):
    """Rows of other settings must not stand in one table."""
    before = results.get("made_by", {}).get("settings", settings["settings"])
    fixed = {name: value for name, value in settings["settings"].items() if name != "ratios"}
    changed = [name for name, value in fixed.items() if before.get(name) != value]
    if changed:
        raise SystemExit(
            f"The results were made with other settings: {', '.join(changed)}. Name another "
            "directory by --results."
        )


def complete(row, tasks):
    """Whether a row of results has the scores of all these titles: others are made later."""
    return set(tasks) <= set(row.get("glue", {}))


def average(scores):
    """The mean over tasks of the mean over seeds."""
    return statistics.mean(
        statistics.mean(seeds) for task, seeds in scores.items() if task != NOT_AVERAGED
    )


def deviation(scores):
    """The standard deviation over seeds of their means over tasks; 0 for one seed."""
    tasks = [seeds for task, seeds in scores.items() if task != NOT_AVERAGED]
    means = [statistics.mean(seed) for seed in zip(*tasks)]
    return statistics.stdev(means) if len(means) > 1 else 0.0
