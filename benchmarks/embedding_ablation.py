"""How well the part from characters to vectors can imitate a teacher's word vectors, by its form.

    python benchmarks/embedding_ablation.py --shards SHARDS --targets TARGETS [--steps 600]

Each form learns the teacher's mean vector of each word (`pretraining.imitation`) and is scored by
the cosine with it: over running words, over the 5,000 most frequent words, over all words, and over
1,500 words that it was not shown. One seed; no data set of a task is read.
"""

import argparse
import json
import os
import pathlib
import time

from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
UNSEEN, FREQUENT = 1500, 5000
BUCKETS = {"bucket_orders": (3, 4), "bucket_dim": 64}
FORMS = {
    "random vector a word, 128": {"hash_kind": "random", "hash_transform_dim": 256},
    "hash 128, linear": {"hash_transform_dim": None, "hash_dim": 127},
    "hash 128, MLP 256": {"hash_transform_dim": 256},
    "hash 128, orders to 1, MLP 256": {"hash_transform_dim": 256, "hash_orders": 1},
    "hash 128, orders to 2, MLP 256": {"hash_transform_dim": 256, "hash_orders": 2},
    "hash 128, orders to 4, MLP 256": {"hash_transform_dim": 256, "hash_orders": 4},
    "hash 128, no boundary marks, MLP 256": {"hash_transform_dim": 256, "marks": False},
    "hash 512, MLP 256": {"hash_dim": 512, "hash_transform_dim": 256},
    "hash 128, MLP 256, 2,048 buckets": {
        **BUCKETS,
        "hash_transform_dim": 256,
        "bucket_count": 2048,
    },
    "hash 128, MLP 256, 8,192 buckets": {
        **BUCKETS,
        "hash_transform_dim": 256,
        "bucket_count": 8192,
    },
    "hash 128, linear, 8,192 buckets": {**BUCKETS, "hash_dim": 127, "bucket_count": 8192},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", required=True)
    parser.add_argument("--targets", required=True)
    parser.add_argument("--steps", type=int, default=600)
    arguments = parser.parse_args()
    import numpy as np

    from eelbert_tf.pretraining.imitation import WordMeans, word_means
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.teacher import Targets

    shards = Shards(arguments.shards)
    means = word_means(Targets(arguments.targets, shards), shards)
    words, _ = shards.words()
    rng = np.random.default_rng(0)
    unseen = np.zeros(len(means.numbers), bool)
    unseen[rng.choice(np.arange(FREQUENT, len(unseen)), UNSEEN, replace=False)] = True
    shown = WordMeans(*(part[~unseen] for part in means))
    file = RESULTS / "embedding_ablation.json"
    results = json.loads(file.read_text()) if file.exists() else {"forms": {}}
    if results.get("made_by", {}).get("steps", arguments.steps) != arguments.steps:
        parser.error(f"The results were made with --steps {results['made_by']['steps']}.")
    for name, settings in FORMS.items():
        if name not in results["forms"]:
            results["forms"][name] = row(settings, words, means, shown, unseen, arguments.steps)
            results["made_by"] = made_by(arguments.steps, len(shown.numbers))
            file.write_text(json.dumps(results, indent=1) + "\n")
            print(name, results["forms"][name], flush=True)
    write_table(results["forms"])


def row(settings, words, means, shown, unseen, steps):
    import unittest.mock

    import keras
    import numpy as np

    from eelbert_tf.hashing import distinct_words
    from eelbert_tf.models import EelbertBackbone
    from eelbert_tf.pretraining.imitation import imitate
    from eelbert_tf.pretraining.word_inputs import HashedInputs

    keras.utils.set_random_seed(0)
    shape = {"num_layers": 1, "num_heads": 2, "hidden_dim": 128, "intermediate_dim": 128}
    settings = {**shape, "dropout": 0.0, "max_sequence_length": 8, **settings}
    windows = distinct_words._windows if settings.pop("marks", True) else circular_windows
    settings["hash_dim"] = settings.get("hash_dim", 128)
    backbone = EelbertBackbone(**settings)
    start = time.time()
    with unittest.mock.patch.object(distinct_words, "_windows", windows):
        inputs = HashedInputs(backbone, words)
    learnt = imitate(backbone, inputs, shown, steps)(means.numbers)
    lengths = np.linalg.norm(learnt, axis=1) * np.linalg.norm(means.vectors, axis=1)
    cosines = (learnt * means.vectors).sum(axis=1) / lengths
    embedding = backbone.hash_transform + [backbone.bucket_embedding] * bool(
        backbone.bucket_embedding
    )
    return {
        "parameters": sum(layer.count_params() for layer in embedding),
        "running": float(np.average(cosines[~unseen], weights=means.counts[~unseen])),
        "frequent": float(cosines[:FREQUENT].mean()),
        "all": float(cosines[~unseen].mean()),
        "unseen": float(cosines[unseen].mean()),
        "seconds": round(time.time() - start),
    }


def circular_windows(words, lengths, before, after):
    """As `distinct_words._windows`, but what is behind a word's end is its start: no marks."""
    import numpy as np

    from eelbert_tf.hashing import reference

    flat = np.array(reference.code_points("".join(words)), "int32")
    first = np.repeat(np.cumsum(lengths) - lengths, lengths)
    length, place = np.repeat(lengths, lengths), np.arange(len(flat)) - first
    return np.stack(
        [flat[first + (place + offset) % length] for offset in range(-before, after + 1)]
    )


def made_by(steps, words):
    return {
        **provenance(__file__),
        "steps": steps,
        "words": words,
        "seed": 0,
    }


def write_table(forms):
    lines = [
        "| from characters to vectors | parameters | running words | 5,000 most frequent | "
        "all words | words not shown |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in FORMS:
        row = forms[name]
        scores = " | ".join(f"{row[key]:.2f}" for key in ("running", "frequent", "all", "unseen"))
        lines.append(f"| {name} | {row['parameters']:,} | {scores} |")
    (RESULTS / "embedding_ablation.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
