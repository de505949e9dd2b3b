"""Pretrains under JAX, in a process where TensorFlow cannot be imported; prints the last loss.

KERAS_BACKEND=jax python -m tests.pretraining.jax_process SHARDS PRESET TARGETS OUT
"""

import sys

sys.modules["tensorflow"] = sys.modules["tensorflow_text"] = None  # any import of them fails


def main():
    from eelbert_tf.pretraining.config import PretrainingConfig
    from eelbert_tf.pretraining.pretrain import pretrain
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.teacher import Targets

    directory, preset, targets, out = sys.argv[1:]
    shards = Shards(directory)
    config = PretrainingConfig(
        objectives=("distillation", "discrimination", "masked_lm"),
        epochs=1,
        batch_tokens=400,
        label_count=20,
        learning_rate=1e-2,
        dtype="mixed_bfloat16",
        steps_per_execution=2,
    )
    losses = []
    pretrain(shards, preset, out, config, Targets(targets, shards), report=losses.append)
    print(losses[-1].loss)


if __name__ == "__main__":
    main()
