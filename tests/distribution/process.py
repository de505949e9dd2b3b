"""One process of a run: what it trains on, how it goes, what it writes, as JSON.

python -m tests.distribution.process STRATEGY SHARDS PRESET OUT REPORT
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def main(strategy, shards, preset, out, report):
    import keras
    import numpy as np

    from eelbert_tf.distribution.strategies import open_replicas
    from eelbert_tf.pretraining import trainer
    from eelbert_tf.training import text_examples
    from tests.distribution import faults, runs

    if strategy == "mirrored":
        two_logical_devices()
    replicas = open_replicas(strategy)
    result = {"count": replicas.count, "losses": {}, "rows": [], "saves": 0}
    part, save = text_examples.part, trainer.save_checkpoint

    def noted_part(batch, *place, **options):
        rows, y, weights = part(batch, *place, **options)
        result["rows"].append([place[0], batch[0].tolist(), rows[weights > 0].tolist()])
        return rows, y, weights

    def noted_save(*arguments):
        result["saves"] += 1
        save(*arguments)

    def losses_of(name):
        kept = result["losses"][name] = []
        return lambda progress: kept.append(progress.loss)

    trainer.REPORT_EVERY = 1
    text_examples.part, trainer.save_checkpoint = noted_part, noted_save
    runs.fine_tuned(replicas, preset, f"{out}.tuned", losses_of("tuned")).save_to_preset(
        f"{report}.task"
    )
    if keras.config.backend() == "tensorflow":
        result["fit"] = runs.losses_of_fit(replicas.scope, preset)
    if strategy == "mirrored":
        result.update(faults.with_and_without(replicas.scope))
    encoder = runs.pretrained(replicas, shards, preset, out, losses_of("pretrained"))
    np.savez(f"{report}.npz", *encoder.get_weights())
    with open(report, "w", encoding="utf-8") as file:
        json.dump(result, file)


def two_logical_devices():
    import tensorflow as tf

    device = tf.config.list_physical_devices("CPU")[0]
    part = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(device, [part, part])


if __name__ == "__main__":
    main(*sys.argv[1:])
