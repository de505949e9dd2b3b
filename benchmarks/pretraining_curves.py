"""What more pretraining buys: the losses of runs over the words that they read.

    python benchmarks/pretraining_curves.py "Tiny=eelbert_tiny_en_uncased.run" ... --words 196.2e6

Each entry is NAME=DIR, DIR being what `eelbert pretrain` keeps beside its preset (`OUT.run`, with
`log.jsonl`). All must have read as many words for the same objective. Each run's rate falls along
its own cosine, so the loss in its middle is higher than that of a run which ended there. Numbers go
to results/pretraining_curves.json, .md and .png.
"""

import argparse
import json
import pathlib
import statistics

from provenance import provenance

RESULTS = pathlib.Path(__file__).parent / "results"
NAME = "pretraining_curves"
SHARES = (0.1, 0.25, 0.5, 1.0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", metavar="NAME=DIR")
    parser.add_argument("--words", type=float, required=True, help="that each run read")
    parser.add_argument("--device", required=True, help="what it ran on, in words")
    arguments = parser.parse_args()
    curves = {}
    for entry in arguments.runs:
        name, _, directory = entry.partition("=")
        curves[name] = curve_of(pathlib.Path(directory) / "log.jsonl")
    results = {
        "made_by": {
            **provenance(__file__),
            "device": arguments.device,
        },
        "words": arguments.words,
        "curves": curves,
    }
    (RESULTS / f"{NAME}.json").write_text(json.dumps(results) + "\n")
    (RESULTS / f"{NAME}.md").write_text(table(curves, arguments.words))
    plot(curves, arguments.words)


def curve_of(log):
    """Steps and losses of a run; of a step that was done twice, the last."""
    points = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        points[record["step"]] = record["loss"]
    return [{"step": step, "loss": loss} for step, loss in sorted(points.items())]


def loss_at(curve, share):
    """The mean loss over the twentieth of a run that ends at a share of it."""
    steps = curve[-1]["step"]
    inside = [p["loss"] for p in curve if share - 0.05 <= p["step"] / steps <= share]
    return statistics.fmean(inside)


def table(curves, words):
    titles = [f"{share * words / 1e6:.0f} M" for share in SHARES]
    lines = [f"| model | {' | '.join(titles)} |", f"|{' --- |' * (len(titles) + 1)}"]
    for name, curve in curves.items():
        cells = [f"{loss_at(curve, share):.3f}" for share in SHARES]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def plot(curves, words):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(5, 3.4), layout="constrained")
    for name, curve in curves.items():
        millions = [point["step"] / curve[-1]["step"] * words / 1e6 for point in curve]
        axis.plot(millions, [point["loss"] for point in curve], label=name)
    axis.set(xlabel="words read, millions", ylabel="loss of the sentence vectors")
    axis.legend(frameon=False, fontsize=8)
    axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(RESULTS / f"{NAME}.png", dpi=130)


if __name__ == "__main__":
    main()
