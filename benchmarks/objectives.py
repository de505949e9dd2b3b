"""What UNO learns by each pretraining objective in the same wall time, on one core.

    taskset -c 0 python benchmarks/objectives.py --shards SHARDS --targets TARGETS \
        --glue ../shared/data/glue --minutes 3 --work WORK

A short trial measures each objective's speed, which fixes the steps of its run. Each preset is then
fine-tuned as `eelbert glue` does its grid (seed 0, one rate; SST-2 on 10,000 rows), and scored on
the tenth that is held out of train: no dev row is read. Of two rates of pretraining, that with the
higher mean score is shown. The teacher's time is not counted: its answers serve any number of
students.
"""

import json
import os
import pathlib
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import pretraining_trial
from held_out import RATE, columns, mean, scores, shown
from provenance import provenance

RESULTS = pathlib.Path(__file__).parent / "results"
OBJECTIVES = {
    "none": (),
    "masked_lm": ("masked_lm",),
    "discrimination": ("discrimination",),
    "distillation": ("distillation",),
    "sentence_distillation": ("sentence_distillation",),
    "sentence_distillation + discrimination": ("sentence_distillation", "discrimination"),
}
RATES = (2e-3, 5e-3)
SETTINGS = {"batch_tokens": 4096, "dtype": "mixed_bfloat16"}


def main():
    parser = pretraining_trial.parser(__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    arguments = parser.parse_args()
    file = RESULTS / "objectives.json"
    results = json.loads(file.read_text()) if file.exists() else {"objectives": {}}
    for name, objectives in OBJECTIVES.items():
        rows = results["objectives"].setdefault(name, {})
        for rate in RATES if objectives else (0.0,):
            if str(rate) not in rows:
                rows[str(rate)] = row(name, objectives, rate, arguments)
                results["made_by"] = made_by(arguments)
                file.write_text(json.dumps(results, indent=1) + "\n")
                print(name, rate, rows[str(rate)], flush=True)
    write_table(results["objectives"])


def row(name, objectives, rate, arguments):
    """Pretrain by one objective and rate, and score it; a dict of numbers."""
    if not objectives:
        return {
            "words_per_second": 0,
            "words": 0,
            "held_out": scores("eelbert_uno", arguments.glue),
        }
    words = pretraining_trial.words_of_pass(arguments)
    folder = arguments.work / name.replace(" ", "")

    def speed(out, epochs):
        settings = {"objectives": objectives, "epochs": epochs, "learning_rate": rate, **SETTINGS}
        reports = pretraining_trial.pretrained("eelbert_uno", folder / out, arguments, **settings)
        return statistics.median(report.words_per_second for report in reports)

    epochs = arguments.minutes * 60 * speed(f"trial-{rate}", 400_000 / words) / words
    reached = speed(f"preset-{rate}", epochs)
    return {
        "words_per_second": round(reached),
        "words": round(epochs * words),
        "held_out": scores(folder / f"preset-{rate}", arguments.glue),
    }


def made_by(arguments):
    return {
        **provenance(__file__),
        "minutes": arguments.minutes,
        "settings": {**SETTINGS, "rates": RATES, "fine_tuning_rate": RATE, "seed": 0},
        "scored": "the tenth held out of train",
    }


def write_table(objectives):
    lines = [
        f"| objective | rate | words/s | words read | {columns()} | mean |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, rows in objectives.items():
        rate, row = max(rows.items(), key=lambda item: mean(item[1]["held_out"]))
        lines.append(
            f"| {name} | {float(rate):g} | {row['words_per_second']:,} | "
            f"{row['words'] / 1e6:.1f} M | {shown(row['held_out'])} | "
            f"{100 * mean(row['held_out']):.1f} |"
        )
    (RESULTS / "objectives.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
