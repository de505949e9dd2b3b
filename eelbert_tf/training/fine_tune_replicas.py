"""Fine-tuning on several devices, which goes on from its last checkpoint."""

import hashlib
import json
import pathlib

from eelbert_tf.distribution.strategies import check_batch_size
from eelbert_tf.training.evaluate import inputs
from eelbert_tf.training.fine_tune import check_settings, new_classifier, optimizer


def fine_tune_replicas(
    replicas,
    train,
    preset,
    run,
    *,
    epochs=10,
    batch_size=32,
    learning_rate=1e-3,
    max_words=128,
    distortion_rate=0.0,
    seed=0,
    report=None,
    callbacks=(),
    checkpoint_seconds=180.0,
):
    """`fine_tune` where each replica takes its part of each batch.

    The loop is that of pretraining: the batch follows from the step, and the same call goes on
    from the checkpoint in `run`.

    Args:
        replicas: what `open_replicas` gave.
        train, preset, epochs, learning_rate, max_words, distortion_rate, seed, callbacks: as of
            `fine_tune`.
        run: path of a directory for the checkpoint, which all workers share.
        batch_size: int, of all replicas together.
        report: function of a `trainer.Progress`, or None.
        checkpoint_seconds: float.

    Returns:
        A trained `EelbertTextClassifier`.

    Raises:
        UserError: as `fine_tune`; `batch_size` does not divide; another worker has stopped.

    Example:

    ```python
    replicas = open_replicas("mirrored")  # all GPUs
    task = fine_tune_replicas(replicas, read_examples("reviews.tsv"), "eelbert_uno", "reviews.run")
    ```
    """
    from eelbert_tf.training.text_examples import TextExamples
    from eelbert_tf.training.trainer import train as train_steps

    check_settings(epochs, batch_size, learning_rate)
    check_batch_size(batch_size, replicas)
    task = new_classifier(train, preset, max_words, distortion_rate, seed)
    examples = TextExamples(task, inputs(train), train.labels, batch_size, seed)
    steps = epochs * examples.steps_of_epoch()
    with replicas.scope():
        replicated = type(task).from_config(task.get_config())
        replicated.set_weights(task.get_weights())
        replicated.compile(optimizer=optimizer(learning_rate, steps), metrics=[])
    facts = {
        "preset": pathlib.Path(preset).name,
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "max_words": max_words,
        "distortion_rate": distortion_rate,
        "seed": seed,
        "rows": rows_digest(train),
    }
    run = pathlib.Path(run)
    run.mkdir(parents=True, exist_ok=True)
    train_steps(
        replicated,
        examples,
        steps,
        run,
        facts,
        report,
        callbacks,
        checkpoint_seconds=checkpoint_seconds,
        replicas=replicas,
    )
    task.set_weights(replicated.get_weights())
    return task


def rows_digest(train):
    """A checksum of the texts and labels of examples."""
    rows = json.dumps([list(train.texts), list(train.text_pairs or []), list(train.labels)])
    return hashlib.sha256(rows.encode()).hexdigest()
