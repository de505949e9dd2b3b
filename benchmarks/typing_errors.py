"""What typing errors cost EELBERTs and BERT-tiny, fine-tuned by the same recipe.

    python benchmarks/typing_errors.py --data ../shared/data --work WORK \\
        eelbert_uno_en_uncased eelbert_plus_en_uncased bert_tiny=DIRECTORY

Each word of four letters or more gets, with probability 0.3, one random edit: a letter is deleted,
replaced, put in, or swapped with the next. The models are trained on correct text as
`eelbert glue` does (rate and epochs as in the table of each set; the epoch is chosen on a held-out
tenth), then read the official dev rows (SST-2) or test rows (CLINC150) once as they are and once
for each of the draws of errors. Runs are kept in --work, and a second call goes on from there.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import random
import re
import statistics

from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
# name: title, epochs, batch size, learning rate
SETS = {"sst2": ("SST-2", 4, 64, 5e-4), "clinc150": ("CLINC150", 12, 64, 1e-3)}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
RATE, SHORTEST = 0.3, 4
DRAWS = 3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="+", help="presets, or NAME=PRESET")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--sets", nargs="*", choices=SETS, default=list(SETS))
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    file = RESULTS / "typing_errors.json"
    results = json.loads(file.read_text()) if file.exists() else {"sets": {}}
    for name in arguments.sets:
        task, data = read(name, arguments.data)
        for preset in arguments.presets:
            title, _, preset = preset.partition("=")
            row = run(name, task, data, preset or title, arguments.work / title, arguments.seeds)
            results["sets"].setdefault(name, {})[title] = row
            results["made_by"] = made_by(arguments.seeds)
            file.write_text(json.dumps(results, indent=1) + "\n")
            write_table(results["sets"])


def mistyped(text, rng):
    """A text with typing errors.

    >>> mistyped("what a wonderful film", random.Random(2))
    'what a wonderful xfilm'
    """
    return re.sub(
        rf"[A-Za-z]{{{SHORTEST},}}",
        lambda match: edited(match[0], rng) if rng.random() < RATE else match[0],
        text,
    )


def edited(word, rng):
    """A word with one random edit."""
    place = rng.randrange(len(word))
    kind = rng.choice(("delete", "replace", "insert", "swap"))
    if kind == "swap":
        place = min(place, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    new = {
        "delete": "",
        "replace": rng.choice(LETTERS),
        "insert": rng.choice(LETTERS) + word[place],
    }
    return word[:place] + new[kind] + word[place + 1 :]


def read(name, directory):
    """The task, and its rows: to be scored as they are, and mistyped."""
    if name == "sst2":
        from eelbert_tf.glue.source import read_tasks

        [(task, data)] = read_tasks(directory / "glue", ["sst2"])[0].items()
    else:
        import intents

        task, data = intents.read(name, directory)
    test = data.dev[""]
    parts = {"": test}
    for draw in range(DRAWS):
        rng = random.Random(draw)
        texts = [mistyped(text, rng) for text in test.texts]
        parts[f"_mistyped_{draw}"] = dataclasses.replace(test, texts=texts)
    return task, dataclasses.replace(data, dev=parts, test={})


def run(name, task, data, preset, folder, seeds):
    """Accuracy of each seed on the rows as they are and mistyped."""
    from eelbert_tf.glue.preset_model import PresetModel
    from eelbert_tf.glue.progress import Progress
    from eelbert_tf.glue.recipe import Recipe
    from eelbert_tf.glue.run_store import RunStore
    from eelbert_tf.glue.task_run import TaskRun

    _, epochs, batch_size, rate = SETS[name]
    recipe = Recipe(seeds=seeds, epochs=epochs, batch_sizes=(batch_size,), learning_rates=(rate,))
    store, progress = RunStore(folder / "runs"), Progress()
    runs = TaskRun(task, data, PresetModel(preset), recipe, store, progress)
    progress.total = seeds * runs.work[1]
    rows = []
    for seed in range(seeds):
        dev = runs.seed(seed, batch_size=batch_size, learning_rate=rate)["dev"]
        scores = {part: result["metrics"]["accuracy"] for part, result in dev.items()}
        right = scores.pop("")
        rows.append({"right": right, "mistyped": statistics.fmean(scores.values())})
    median = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
    lost = statistics.median(row["right"] - row["mistyped"] for row in rows)
    return {"seeds": rows, "median": median, "lost": lost}


def made_by(seeds):
    return {
        **provenance(__file__),
        "seeds": list(range(seeds)),
        "errors": {"rate": RATE, "shortest_word": SHORTEST, "draws": DRAWS},
        "scored": "official dev rows (SST-2), official test rows (CLINC150)",
    }


def write_table(sets):
    lines = [
        "| data set | model | as written | mistyped | lost | of BERT-tiny's loss |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, rows in sets.items():
        base = rows.get("bert_tiny", {}).get("lost")
        for model, row in rows.items():
            share = f"{row['lost'] / base:.2f}" if base else ""
            lines.append(
                f"| {SETS[name][0]} | {model} | {100 * row['median']['right']:.1f} "
                f"| {100 * row['median']['mistyped']:.1f} | {100 * row['lost']:.1f} | {share} |"
            )
    (RESULTS / "typing_errors.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
