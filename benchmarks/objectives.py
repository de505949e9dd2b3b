"""What UNO learns by each pretraining objective in the same wall time, on one core.

    taskset -c 0 python benchmarks/objectives.py --shards SHARDS --targets TARGETS \
        --glue ../shared/data/glue --minutes 3 --work WORK

A short trial measures each objective's speed, which fixes the steps of its run. Each preset is then
fine-tuned as `eelbert glue` does its grid (seed 0, one rate; SST-2 on 10,000 rows), and scored on
the tenth that is held out of train: no dev row is read. The teacher's time is not counted: its
answers serve any number of students.
"""

import argparse
import datetime
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
from held_out import RATE, columns, scores, shown

RESULTS = pathlib.Path(__file__).parent / "results"
OBJECTIVES = {
    "none": (),
    "masked_lm": ("masked_lm",),
    "discrimination": ("discrimination",),
    "distillation": ("distillation",),
    "distillation + discrimination": ("distillation", "discrimination"),
    "distillation + masked_lm": ("distillation", "masked_lm"),
}
SETTINGS = {"batch_tokens": 4096, "learning_rate": 5e-3, "dtype": "mixed_bfloat16"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", required=True)
    parser.add_argument("--targets", required=True)
    parser.add_argument("--glue", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, default=3.0)
    arguments = parser.parse_args()
    file = RESULTS / "objectives.json"
    results = json.loads(file.read_text()) if file.exists() else {"objectives": {}}
    for name, objectives in OBJECTIVES.items():
        if name not in results["objectives"]:
            results["objectives"][name] = row(name, objectives, arguments)
            results["made_by"] = made_by(arguments)
            file.write_text(json.dumps(results, indent=1) + "\n")
            print(name, results["objectives"][name], flush=True)
    write_table(results["objectives"])


def row(name, objectives, arguments):
    """Pretrain by one objective and score it; a dict of numbers."""
    if not objectives:
        return {
            "words_per_second": 0,
            "words": 0,
            "held_out": scores("eelbert_uno", arguments.glue),
        }
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.teacher import Targets

    shards = Shards(arguments.shards)
    targets = Targets(arguments.targets, shards)
    words = sum(shards.manifest["shards"][index]["words"] for index in targets.shards)
    folder = arguments.work / name.replace(" ", "")
    speed = pretrained(shards, targets, objectives, folder / "trial", 400_000 / words)
    epochs = arguments.minutes * 60 * speed / words
    reached = pretrained(shards, targets, objectives, folder / "preset", epochs)
    return {
        "words_per_second": round(reached),
        "words": round(epochs * words),
        "held_out": scores(folder / "preset", arguments.glue),
    }


def pretrained(shards, targets, objectives, out, epochs):
    """Pretrain; returns the median words a second."""
    import statistics

    from eelbert_tf.pretraining.config import PretrainingConfig
    from eelbert_tf.pretraining.pretrain import pretrain

    speeds = []
    config = PretrainingConfig(objectives=objectives, epochs=epochs, **SETTINGS)
    pretrain(
        shards,
        "eelbert_uno",
        out,
        config,
        targets,
        overwrite=True,
        report=lambda progress: speeds.append(progress.words_per_second),
    )
    return statistics.median(speeds)


def made_by(arguments):
    from eelbert_tf.training.model_directory import versions

    return {
        "script": "benchmarks/objectives.py",
        "date": datetime.date.today().isoformat(),
        "minutes": arguments.minutes,
        "settings": {**SETTINGS, "fine_tuning_rate": RATE, "seed": 0},
        "scored": "the tenth held out of train",
        "environment": versions(),
    }


def write_table(rows):
    lines = [
        f"| objective | words/s | words read | {columns()} |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in rows.items():
        lines.append(
            f"| {name} | {row['words_per_second']:,} | {row['words'] / 1e6:.1f} M | "
            f"{shown(row['held_out'])} |"
        )
    (RESULTS / "objectives.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
