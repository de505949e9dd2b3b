"""What more processes bring, and what large work costs.

    python benchmarks/scaling.py [--repeats 3]

Pretrains UNO on the bundled utterances with one and with two processes of one thread each, the
same batches shared by them, in turn (1 2 1 2 ...); and measures one thread that scores texts and
one that makes batches. A rate of a core counts the seconds that the processor worked, so that
other work on the machine matters little. From these rates, and from FLOPs and bytes
(scaling_estimate.py), it tells what a billion texts cost to score and ten billion tokens to
pretrain. Writes results/scaling.json and results/scaling.md. About five minutes on two free cores.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = pathlib.Path(__file__).parents[1]
RESULTS = pathlib.Path(__file__).parent / "results"
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}
BATCH_TOKENS, WARM_UP, STEPS, WORDS = 4096, 10, 40, 30


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--part", choices=("pretrain", "score", "batches"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        print(json.dumps(PARTS[arguments.part](arguments.folder, arguments.out)))
        return
    from scaling_estimate import estimate, markdown

    with tempfile.TemporaryDirectory() as folder:
        prepare_corpus(pathlib.Path(folder))
        score, batches = (measured(part, folder, 1) for part in ("score", "batches"))
        pairs = [
            [measured("pretrain", folder, count) for count in (1, 2)]
            for _ in range(arguments.repeats)
        ]

    def median(place, name):
        return statistics.median(pair[place][name] for pair in pairs)

    results = {
        "score_texts_per_core_second": score["per_core_second"],
        "batches_tokens_per_core_second": batches["per_core_second"],
        "pretrain_tokens_per_second": {"1": median(0, "per_second"), "2": median(1, "per_second")},
        "pretrain_tokens_per_core_second": {
            "1": median(0, "per_core_second"),
            "2": median(1, "per_core_second"),
        },
        "speed_of_two": ratio(pairs, "per_second"),
        "efficiency_of_two": ratio(pairs, "per_core_second"),
        "made_by": {
            **provenance(__file__),
            "seed": 0,
            "repeats": arguments.repeats,
            "cores": len(os.sched_getaffinity(0)),
            "load_average": os.getloadavg()[0],
        },
    }
    results["estimate"] = estimate(results)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "scaling.json").write_text(json.dumps(results, indent=1) + "\n")
    (RESULTS / "scaling.md").write_text(markdown(results))
    print(markdown(results))


def prepare_corpus(folder):
    from speed import utterances

    from eelbert_tf.pretraining.prepare import prepare

    corpus = folder / "corpus.txt"
    corpus.write_text("\n".join(utterances() * 20) + "\n", encoding="utf-8")
    prepare([str(corpus)], folder / "shards", max_words=32)


def ratio(pairs, name):
    return statistics.median(two[name] / one[name] for one, two in pairs)


def measured(part, folder, count):
    """Tokens or texts of a part, a second and a second of a core, of `count` processes."""
    from eelbert_tf.distribution.cluster import VARIABLE, local_clusters

    together = tempfile.mkdtemp(dir=folder)
    processes = [
        subprocess.Popen(
            [sys.executable, __file__, "--part", part, "--folder", folder, "--out", together],
            env={**os.environ, **ONE_THREAD, **({VARIABLE: c.variable()} if count > 1 else {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for c in local_clusters(count)
    ]
    outputs = [process.communicate() for process in processes]
    for process, (_, err) in zip(processes, outputs):
        if process.returncode:
            raise SystemExit(err)
    parts = [json.loads(out.splitlines()[-1]) for out, _ in outputs]
    done = {
        "per_second": parts[0]["count"] / max(own["seconds"] for own in parts),
        "per_core_second": parts[0]["count"] / sum(own["core_seconds"] for own in parts),
    }
    print(f"{part}, {count} processes: {done}", file=sys.stderr, flush=True)
    return done


class Stopwatch:
    """Seconds, and seconds that the processor worked for this process, since `start`."""

    def start(self):
        self._start = time.perf_counter(), time.process_time()

    def stop(self, count):
        """What was done in this time, and the time."""
        seconds, core_seconds = self._start
        return {
            "count": count,
            "seconds": time.perf_counter() - seconds,
            "core_seconds": time.process_time() - core_seconds,
        }


def pretrain(folder, out):
    """Words behind the first steps, which include tracing."""
    import itertools

    import keras

    from eelbert_tf.distribution.cluster import read_cluster
    from eelbert_tf.distribution.strategies import MULTI_WORKER, open_replicas
    from eelbert_tf.pretraining.pretrain import pretrain
    from eelbert_tf.pretraining.sequences import SequenceBatches
    from eelbert_tf.pretraining.shards import Shards

    replicas = open_replicas(MULTI_WORKER if read_cluster() else None)
    shards = Shards(folder / "shards")
    batches = SequenceBatches(shards, BATCH_TOKENS)
    config = settings(STEPS / batches.steps_of_epoch())
    counted = itertools.islice(batches.from_step(WARM_UP), STEPS - WARM_UP)
    words = sum(int((batch.numbers >= 0).sum()) for batch in counted)
    watch, done = Stopwatch(), {}

    def time_steps(step, logs=None):
        if step == WARM_UP - 1:
            watch.start()
        if step == STEPS - 1:
            done.update(watch.stop(words))

    timer = keras.callbacks.LambdaCallback(on_train_batch_end=time_steps)
    pretrain(
        shards,
        "eelbert_uno",
        out / "preset",
        config,
        callbacks=[timer],
        checkpoint_seconds=1e9,
        replicas=replicas,
    )
    return done


def settings(epochs):
    from eelbert_tf.pretraining.config import PretrainingConfig

    return PretrainingConfig(epochs=epochs, batch_tokens=BATCH_TOKENS)


def batches(folder, out):
    """Words of batches that one thread makes: every worker makes them whole."""
    from eelbert_tf.models import EelbertBackbone
    from eelbert_tf.pretraining.objectives import MaskedLanguageModel
    from eelbert_tf.pretraining.pretraining_model import Examples
    from eelbert_tf.pretraining.sequences import SequenceBatches
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.word_inputs import HashedInputs

    shards = Shards(folder / "shards")
    inputs = HashedInputs(EelbertBackbone.from_preset("eelbert_uno"), shards.words()[0])
    examples = Examples(SequenceBatches(shards, BATCH_TOKENS), inputs, [MaskedLanguageModel()])
    batch = examples.from_step(0)
    next(batch)
    watch, words = Stopwatch(), 0
    watch.start()
    for _ in range(STEPS):
        words += next(batch)[0]
    return watch.stop(words)


def score(folder, out):
    """Raw texts of 30 words to probabilities, by the SavedModel in batches of 256."""
    import tensorflow as tf
    from speed import seconds, served, thirty_word_texts

    from eelbert_tf import EelbertTextClassifier

    texts = thirty_word_texts(2560, WORDS)
    parts = [tf.constant(texts[i : i + 256]) for i in range(0, len(texts), 256)]
    whole = served(EelbertTextClassifier.from_preset("eelbert_uno", num_classes=2))
    seconds(whole, parts)
    watch = Stopwatch()
    watch.start()
    seconds(whole, parts * 3)
    return watch.stop(3 * len(texts))


PARTS = {"pretrain": pretrain, "score": score, "batches": batches}


if __name__ == "__main__":
    main()
