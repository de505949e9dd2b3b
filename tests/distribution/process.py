"""One process of a run: what it trains on, how it goes, what it writes, as JSON.

python -m tests.distribution.process STRATEGY SHARDS PRESET OUT REPORT
"""

import json
import os
import sys

import numpy as np

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def main(strategy, shards, preset, out, report):
    from eelbert_tf.distribution.strategies import open_replicas
    from eelbert_tf.training import text_examples, trainer
    from tests.distribution import faults, runs

    if strategy == "mirrored":
        two_logical_devices()
    replicas = open_replicas(strategy)
    result = {"count": replicas.count, "rows": [], "saves": 0}
    part, save = text_examples.part, trainer.save_checkpoint

    def noted_part(batch, *place, **options):
        rows, y, weights = part(batch, *place, **options)
        result["rows"].append([place[0], batch[0].tolist(), rows[weights > 0].tolist()])
        return rows, y, weights

    def noted_save(*arguments):
        result["saves"] += 1
        save(*arguments)

    trainer.REPORT_EVERY = 1
    text_examples.part, trainer.save_checkpoint = noted_part, noted_save
    # JAX compiles for long.
    settings = {"epochs": 1, "batch_size": 12} if strategy == "data_parallel" else {}
    losses, encoder = both_runs(replicas, shards, preset, out, **settings)
    result["losses"] = losses
    np.savez(f"{report}.npz", *encoder.get_weights())
    if strategy == "data_parallel":
        result["alone"], _ = both_runs(open_replicas(), shards, preset, f"{out}.alone", **settings)
    else:
        result["strings"] = runs.losses_of_strings(replicas.scope)
    if strategy == "mirrored":
        result["texts"] = runs.losses_of_texts(replicas.scope, preset)
        result["faults"] = faults.with_and_without(replicas.scope)
    if strategy == "multi_worker":  # as `eelbert train` does
        task = runs.fine_tuned(replicas, preset, f"{out}.task")
        task.save_to_preset(f"{report}.task")
    with open(report, "w", encoding="utf-8") as file:
        json.dump(result, file)


def both_runs(replicas, shards, preset, out, **settings):
    """Their losses by step, and the encoder."""
    from tests.distribution import runs

    losses = {"tuned": [], "pretrained": []}

    def kept(name):
        return lambda progress: losses[name].append(progress.loss)

    runs.fine_tuned(replicas, preset, f"{out}.tuned", kept("tuned"), dropout=0.0, **settings)
    return losses, runs.pretrained(replicas, shards, preset, out, kept("pretrained"))


def two_logical_devices():
    import tensorflow as tf

    device = tf.config.list_physical_devices("CPU")[0]
    part = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(device, [part, part])


if __name__ == "__main__":
    main(*sys.argv[1:])
