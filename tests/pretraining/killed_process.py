"""A short run on one thread with deterministic operations, killed in the middle if asked.

python -m tests.pretraining.killed_process SHARDS PRESET TARGETS OUT STEP
"""

import os
import signal
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def main():
    import keras
    import tensorflow as tf

    from eelbert_tf.pretraining.config import PretrainingConfig
    from eelbert_tf.pretraining.pretrain import pretrain
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.teacher import Targets

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    directory, preset, targets, out, step = sys.argv[1:]
    shards = Shards(directory)
    first = []

    def kill(batch, logs=None):
        if not first:
            first.append(batch)
            print(f"from step {batch}", flush=True)
        if batch == int(step):
            os.kill(os.getpid(), signal.SIGKILL)

    config = PretrainingConfig(
        objectives=("distillation", "discrimination"),
        epochs=1,
        batch_tokens=400,
        learning_rate=1e-2,
        imitation_steps=2,
    )
    pretrain(
        shards,
        preset,
        out,
        config,
        Targets(targets, shards),
        callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=kill)],
        checkpoint_seconds=0.0,
    )


if __name__ == "__main__":
    main()
