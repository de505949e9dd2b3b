"""Models over their bytes."""

from eelbert_tf.errors import UserError

FLOAT_BYTES = 4
_TICKS = (0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100)  # MB


def plot_accuracy_against_bytes(results, path):
    """Draw the mean dev score of models over the bytes of their weights.

    The score is the mean, over the tasks that all results share, of each task's median metrics.
    Where int8 `.tflite` files were scored, they stand as hollow marks at the mean of their sizes.

    Args:
        results: dict from models' names to what `glue.json` holds.
        path: str or path, `.png` or `.svg`.

    Raises:
        UserError: matplotlib is missing, or no task is in all results.

    Example:

    ```python
    results = {name: json.loads(Path(name, "glue.json").read_text()) for name in ("uno", "tiny")}
    plot_accuracy_against_bytes(results, "glue.png")
    ```
    """
    points = model_points(results)
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UserError(
            f"A plot needs matplotlib. Install it: pip install eelbert_tf[plot] ({error})"
        ) from None
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.subplots()
    for name, point in points.items():
        axes.plot(point["bytes"] / 1e6, point["score"], "o", color="C0")
        axes.annotate(
            name,
            (point["bytes"] / 1e6, point["score"]),
            xytext=(-4, 7),
            textcoords="offset points",
            ha="right",
        )
        if "int8_bytes" in point:
            axes.plot(
                [point["bytes"] / 1e6, point["int8_bytes"] / 1e6],
                [point["score"], point["int8_score"]],
                ":o",
                color="C0",
                markerfacecolor="white",
                markevery=[1],
            )
    axes.set_xscale("log")
    ticks = [tick for tick in _TICKS if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.margins(y=0.2)
    axes.set_xlabel("MB of weights (hollow: int8 .tflite)")
    axes.set_ylabel(f"mean of {len(shared_tasks(results))} GLUE dev scores")
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=150)


def shared_tasks(results):
    """The names of the tasks that all results have, in the order of the first.

    Raises:
        UserError: there is none.
    """
    first, *others = [list(result["tasks"]) for result in results.values()] or [[]]
    shared = [name for name in first if all(name in other for other in others)]
    if not shared:
        raise UserError(
            "A plot needs a task that all results have. "
            f"Received: {', '.join(results) or 'no results'}."
        )
    return shared


def model_points(results):
    """Where each model stands.

    Args:
        results: as in `plot_accuracy_against_bytes`.

    Returns:
        A dict from names to dicts of `bytes` (float32 weights) and `score` (0 to 100), and of
        `int8_bytes` and `int8_score` where all shared tasks have a `.tflite`.
    """
    tasks, points = shared_tasks(results), {}
    for name, result in results.items():
        parts = [result["tasks"][task] for task in tasks]
        points[name] = {
            "bytes": _mean(FLOAT_BYTES * part["parameters"] for part in parts),
            "score": _mean(_score(part["median"]) for part in parts),
        }
        files = [part.get("litert_int8") for part in parts]
        if all(files):
            points[name]["int8_bytes"] = _mean(file["bytes"] for file in files)
            points[name]["int8_score"] = _mean(_score(file["metrics"]) for file in files)
    return points


def _score(metrics):
    return 100 * _mean(metrics.values())


def _mean(values):
    values = list(values)
    return sum(values) / len(values)
