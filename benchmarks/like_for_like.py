"""BERT-tiny and EELBERT, pretrained on the same text by the same objective: the curves.

    taskset -c 0 python benchmarks/like_for_like.py bert_tiny eelbert_uno --shards SHARDS \
        --targets TARGETS --vocabulary vocab.txt --work WORK

Every model learns a teacher's sentence vectors from the same sequences, in as many passes. Of its
rates, each is tried for a tenth of a pass, and the one whose loss ends lowest is taken. `--like
NAME` gives a model the wall time that another one took instead of its passes. Presets go to
WORK/NAME, to be fine-tuned by `eelbert glue`; curves to results/like_for_like.json, .md and .png. A
run that was stopped goes on.
"""

import argparse
import json
import math
import os
import pathlib
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
from pretraining_trial import words_of_pass
from provenance import provenance

RESULTS = pathlib.Path(__file__).parent / "results"
RATES = (1e-3, 2e-3, 3e-3, 5e-3)
TRIAL = 0.1
SETTINGS = {
    "objectives": ("sentence_distillation",),
    "batch_tokens": 4096,
    "dtype": "mixed_bfloat16",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="+", help="bert_tiny, architectures, or NAME=PRESET")
    parser.add_argument("--shards", required=True)
    parser.add_argument("--targets", required=True)
    parser.add_argument("--vocabulary", help="WordPieces of bert_tiny, one a line")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--passes", type=float, default=4.0)
    parser.add_argument("--rates", type=float, nargs="+", default=RATES)
    parser.add_argument("--imitation-steps", type=int, default=0)
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--like", help="a model whose wall time is taken in place of --passes")
    arguments = parser.parse_args()
    file = RESULTS / "like_for_like.json"
    results = json.loads(file.read_text()) if file.exists() else {"models": {}}
    for model in arguments.models:
        model, _, preset = model.partition("=")
        name = f"{model}, in the time of {arguments.like}" if arguments.like else model
        if name not in results["models"]:
            other = results["models"].get(arguments.like)
            results["models"][name] = row(model, preset or model, name, other, arguments)
            results["made_by"] = made_by(arguments)
            file.write_text(json.dumps(results, indent=1) + "\n")
    write_table(results["models"])
    plot(results["models"])


def row(model, preset, name, other, arguments):
    """Choose a rate, pretrain, and tell how it went."""
    if model == "bert_tiny":
        preset = bert_tiny(arguments)
    ends = tried(model, preset, arguments)
    rate = min((r for r in ends if ends[r]["loss"]), key=lambda r: ends[r]["loss"])
    passes = arguments.passes
    if other:
        passes = ends[rate]["words_per_second"] * other["seconds"] / other["words_of_pass"]
    out = arguments.work / name.replace(" ", "_")
    curve = pretrained(preset, rate, passes, out, arguments)
    losses = {str(rate): end["loss"] for rate, end in ends.items()}
    # The median, since other work may have slowed parts of the run.
    speed = statistics.median(point["words_per_second"] for point in curve)
    return {
        "rate": rate,
        "imitation_steps": arguments.imitation_steps,
        "weight_decay": arguments.weight_decay,
        "rates_tried": losses if len(ends) > 1 else {},
        "passes": passes,
        "words_of_pass": words_of_pass(arguments),
        "words_per_second": round(speed),
        "seconds": round(passes * words_of_pass(arguments) / speed),
        "loss": last_loss(curve),
        "curve": curve,
    }


def tried(model, preset, arguments):
    """How a tenth of a pass ended by each rate; nothing is tried where there is but one."""
    if len(arguments.rates) == 1 and not arguments.like:
        return {arguments.rates[0]: {"loss": math.inf}}
    file = arguments.work / "trials.json"
    ends = json.loads(file.read_text()) if file.exists() else {}
    for rate in arguments.rates:
        key = f"{model} {rate}"
        if key not in ends:
            ends[key] = trial(model, preset, rate, arguments)
            file.write_text(json.dumps(ends, indent=1) + "\n")
            print(key, ends[key], flush=True)
    return {rate: ends[f"{model} {rate}"] for rate in arguments.rates}


def trial(model, preset, rate, arguments):
    """The loss at the end of a tenth of a pass (None where it diverged), and the speed."""
    from eelbert_tf.errors import UserError

    out = arguments.work / f"trial_{model}_{rate}"
    try:
        curve = pretrained(preset, rate, TRIAL, out, arguments)
    except UserError:
        return {"loss": None, "words_per_second": None}
    speed = statistics.median(point["words_per_second"] for point in curve)
    return {"loss": last_loss(curve), "words_per_second": round(speed)}


def last_loss(curve):
    """The mean over the last tenth of a run."""
    tail = curve[-max(1, len(curve) // 10) :]
    return round(statistics.fmean(point["loss"] for point in tail), 4)


def pretrained(preset, rate, passes, out, arguments):
    """Pretrain; returns the curve. It is kept beside the preset, since a run may go on."""
    from eelbert_tf.pretraining.config import PretrainingConfig
    from eelbert_tf.pretraining.pretrain import pretrain
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.teacher import Targets

    shards = Shards(arguments.shards)
    file = pathlib.Path(f"{out}.curve.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    curve = json.loads(file.read_text()) if file.exists() else []
    words = passes * words_of_pass(arguments)

    def report(progress):
        curve[:] = [point for point in curve if point["step"] < progress.step]
        curve.append(
            {
                "step": progress.step,
                "words": round(words * progress.step / progress.steps),
                "words_per_second": progress.words_per_second,
                "loss": round(progress.loss, 4),
            }
        )
        file.write_text(json.dumps(curve))
        print(out.name, f"{progress.step}/{progress.steps}", curve[-1]["loss"], flush=True)

    if not out.exists():
        config = PretrainingConfig(
            epochs=passes,
            learning_rate=rate,
            imitation_steps=arguments.imitation_steps,
            weight_decay=arguments.weight_decay,
            **SETTINGS,
        )
        targets = Targets(arguments.targets, shards)
        pretrain(shards, preset, out, config, targets, report=report)
    return curve


def bert_tiny(arguments):
    """KerasHub's BERT-tiny with random weights, and its tokenizer: a preset directory."""
    import keras
    import keras_hub

    path = arguments.work / "bert_tiny_random"
    if not path.exists():
        keras.utils.set_random_seed(0)
        tokenizer = keras_hub.models.BertTokenizer(arguments.vocabulary, lowercase=True)
        backbone = keras_hub.models.BertBackbone(
            vocabulary_size=tokenizer.vocabulary_size(),
            num_layers=2,
            num_heads=2,
            hidden_dim=128,
            intermediate_dim=512,
        )
        backbone.save_to_preset(str(path))
        tokenizer.save_to_preset(str(path))
    return str(path)


def made_by(arguments):
    return {
        **provenance(__file__),
        "settings": {**SETTINGS, "trial": TRIAL, "seed": 0},
    }


def write_table(models):
    lines = [
        "| model | rate | weight decay | words read | words/s | minutes | loss |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in models.items():
        lines.append(
            f"| {name} | {row['rate']:g} | {row['weight_decay']:g} | "
            f"{row['passes'] * row['words_of_pass'] / 1e6:.1f} M | "
            f"{row['words_per_second']:,} | {row['seconds'] / 60:.0f} | {row['loss']:.2f} |"
        )
    (RESULTS / "like_for_like.md").write_text("\n".join(lines) + "\n")


def plot(models):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.4), sharey=True, layout="constrained")
    for name, row in models.items():
        losses = [point["loss"] for point in row["curve"]]
        words = [point["words"] / 1e6 for point in row["curve"]]
        minutes = row["seconds"] / 60 / words[-1]
        axes[0].plot(words, losses, label=name)
        axes[1].plot([minutes * millions for millions in words], losses, label=name)
    axes[0].set(xlabel="words read, millions", ylabel="loss of the sentence vectors", yscale="log")
    axes[1].set(xlabel="minutes")
    ticks = (0.2, 0.3, 0.4, 0.6, 0.8)
    axes[0].set_yticks(ticks, labels=map(str, ticks))
    axes[0].minorticks_off()
    axes[1].legend(frameon=False, fontsize=8)
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(RESULTS / "like_for_like.png", dpi=130)


if __name__ == "__main__":
    main()
