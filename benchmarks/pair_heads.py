"""How a pair of texts is read and compared: heads side by side, on rows held out of train.

    taskset -c 0 python benchmarks/pair_heads.py eelbert_uno_en_uncased --glue ../shared/data/glue

Each head is fine-tuned by the recipe of `eelbert glue`, batches of 16, one rate, three seeds; shown
is the mean of the seeds' best epochs. No dev row is read. Tasks that are done are not done again.
"""

import argparse
import json
import os
import pathlib
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
from held_out import engine_of
from provenance import provenance

RESULTS = pathlib.Path(__file__).parent / "results"
METRICS = {
    "rte": ("RTE, accuracy", "accuracy"),
    "mrpc": ("MRPC, accuracy", "accuracy"),
    "stsb": ("STS-B, Spearman", "spearman"),
}
# title: pooling, cross attention
HEADS = {
    "`pair`, texts together": ("pair", True),
    "`pair`, each text by itself": ("pair", False),
    "`aligned_pair`, texts together": ("aligned_pair", True),
    "`aligned_pair`, each text by itself": ("aligned_pair", False),
}
BATCH_SIZE, RATE, SEEDS = 16, 1e-3, 3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("preset")
    parser.add_argument("--glue", required=True)
    arguments = parser.parse_args()
    file = RESULTS / "pair_heads.json"
    results = json.loads(file.read_text()) if file.exists() else {"presets": {}}
    rows = results["presets"].setdefault(arguments.preset, {})
    for title, head in HEADS.items():
        row = rows.setdefault(title, {})
        for task, (_, metric) in METRICS.items():
            if task not in row:
                row[task] = scores(arguments.preset, arguments.glue, task, metric, *head)
                results["made_by"] = made_by()
                file.write_text(json.dumps(results, indent=1) + "\n")
                print(title, task, row[task], flush=True)
    write_table(results["presets"])


def scores(preset, glue, task, metric, pooling, cross_attention):
    """The metric of each seed on the held-out tenth."""
    from eelbert_tf.glue.recipe import Recipe

    recipe = Recipe(pair_pooling=pooling, cross_attention=cross_attention)
    engine = engine_of(preset, glue, task, recipe)
    trained = (engine.train(BATCH_SIZE, RATE, seed, part="grid") for seed in range(SEEDS))
    return [float(result.metrics[metric]) for result in trained]


def made_by():
    return {
        **provenance(__file__),
        "settings": {"batch_size": BATCH_SIZE, "learning_rate": RATE, "seeds": SEEDS},
        "scored": "the tenth held out of train",
    }


def write_table(presets):
    titles = [title for title, _ in METRICS.values()]
    lines = [f"| preset | head | {' | '.join(titles)} |", f"|{' --- |' * (len(titles) + 2)}"]
    for preset, rows in presets.items():
        for title, row in rows.items():
            cells = [f"{100 * statistics.fmean(row[task]):.1f}" for task in METRICS]
            lines.append(f"| {preset} | {title} | {' | '.join(cells)} |")
    (RESULTS / "pair_heads.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
