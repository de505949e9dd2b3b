"""Table, verdict and plot of benchmarks/embedding_compression.py."""

import statistics

from method_glue import average, complete, deviation

ORIGINAL = "original"
TITLES = {
    "cosine": "autoencoder, cosine loss",
    "l2": "autoencoder, L2",
    "svd": "SVD",
}
NAME = "embedding_compression"


def key_of(ratio, method, seed):
    """The name of a row: `2.5-cosine-0`."""
    return f"{ratio:g}-{method}-{seed}"


def write_table(results, folder):
    """Write embedding_compression.md."""
    (folder / f"{NAME}.md").write_text(table(results["rows"]))


def table(rows):
    """A row for each ratio and method, over its seeds; then what they say of the claim."""
    tasks = list(rows.get(ORIGINAL, {}).get("glue", {}))
    head = ["ratio", "rank", "method", "seeds", "perplexity", "cosine distance", "L2"]
    head += [*tasks, *(["average"] if tasks else [])]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    if ORIGINAL in rows:
        row = rows[ORIGINAL]
        cells = ["1", "", "the whole table", "", f"{row['perplexity']:.1f}", "0", "0"]
        lines.append(f"| {' | '.join([*cells, *_glue_cells(row, tasks)])} |")
    for (ratio, method), seeds in _groups(rows).items():
        perplexity = [row["perplexity"] for row in seeds]
        cells = [ratio, str(seeds[0]["rank"]), TITLES[method], str(len(seeds)), _spread(perplexity)]
        cells += [f"{statistics.mean(row[name] for row in seeds):.3f}" for name in _DISTANCES]
        lines.append(f"| {' | '.join([*cells, *_glue_cells(seeds[0], tasks)])} |")
    verdicts = list(_verdicts(rows))
    return "\n".join([*lines, *([""] if verdicts else []), *verdicts]) + "\n"


_DISTANCES = ("cosine_distance", "l2")


def _groups(rows):
    """Rows by ratio and method, seeds together."""
    groups = {}
    for key, row in rows.items():
        if key != ORIGINAL:
            ratio, method, _ = key.split("-")
            groups.setdefault((ratio, method), []).append(row)
    order = list(TITLES)
    return dict(sorted(groups.items(), key=lambda it: (float(it[0][0]), order.index(it[0][1]))))


def _spread(values, digits=1):
    spread = f" ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.{digits}f}{spread}"


def _glue_cells(row, tasks):
    if not tasks:
        return []
    if not complete(row, tasks):
        return [""] * (len(tasks) + 1)
    cells = [_spread([100 * value for value in row["glue"][task]]) for task in tasks]
    return [*cells, f"{100 * average(row['glue']):.1f}"]


def _verdicts(rows):
    """What the rows say of the paper's claim: a far lower perplexity than SVD's, better on GLUE."""
    groups = _groups(rows)
    for ratio in {ratio: None for ratio, _ in groups}:
        own, svd = groups.get((ratio, "cosine")), groups.get((ratio, "svd"))
        if not own or not svd:
            continue
        values, other = [row["perplexity"] for row in own], svd[0]["perplexity"]
        if max(values) < other:
            word = "lower than SVD's with every seed"
        elif min(values) > other:
            word = "higher than SVD's with every seed"
        else:
            word = "lower than SVD's with some seeds, higher with others"
        share = statistics.mean(values) / other
        line = f"- Ratio {ratio}: the perplexity of the cosine loss is {word} ({share:.2f} times)"
        tasks = rows[ORIGINAL].get("glue", {})
        if tasks and complete(own[0], tasks) and complete(svd[0], tasks):
            points = 100 * (average(own[0]["glue"]) - average(svd[0]["glue"]))
            better = sum(
                statistics.mean(values) > statistics.mean(svd[0]["glue"][task])
                for task, values in own[0]["glue"].items()
            )
            count = len(own[0]["glue"])
            line += f"; GLUE {points:+.1f} points on average, better on {better} of {count} tasks"
        yield line + "."


def write_plot(results, folder):
    """Draw perplexity, and GLUE where it is there, over the ratio."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = results["rows"]
    panels = 2 if "glue" in rows[ORIGINAL] else 1
    figure, axes = pyplot.subplots(
        1, panels, figsize=(4.5 * panels, 3.4), layout="constrained", squeeze=False
    )
    for method, title in TITLES.items():
        groups = {float(r): seeds for (r, m), seeds in _groups(rows).items() if m == method}
        values = [[row["perplexity"] for row in seeds] for seeds in groups.values()]
        errors = [statistics.stdev(v) if len(v) > 1 else 0.0 for v in values]
        means = [statistics.mean(v) for v in values]
        style = {"marker": "o", "capsize": 3}
        line, *_ = axes[0][0].errorbar([*groups], means, errors, label=title, **style)
        tasks = rows[ORIGINAL].get("glue", {})
        scored = {r: seeds[0] for r, seeds in groups.items() if complete(seeds[0], tasks)}
        if tasks and scored:
            averages = [100 * average(row["glue"]) for row in scored.values()]
            errors = [100 * deviation(row["glue"]) for row in scored.values()]
            style["color"] = line.get_color()
            axes[0][1].errorbar([*scored], averages, errors, **style)
    whole = {"color": "grey", "linestyle": ":", "label": "whole table"}
    axes[0][0].axhline(rows[ORIGINAL]["perplexity"], **whole)
    axes[0][0].set(xlabel="compression ratio of the table", ylabel="perplexity", yscale="log")
    if panels == 2:
        axes[0][1].axhline(100 * average(rows[ORIGINAL]["glue"]), **whole)
        axes[0][1].set(xlabel="compression ratio of the table", ylabel="GLUE, average")
    axes[0][0].legend(frameon=False, fontsize=8)
    for axis in axes[0]:
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(folder / f"{NAME}.png", dpi=100)
    pyplot.close(figure)
