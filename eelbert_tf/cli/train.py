"""`eelbert train`."""

import json
import pathlib
import shutil
import sys

from eelbert_tf.cli.data import read
from eelbert_tf.cli.interrupt import interrupt_between_batches
from eelbert_tf.cli.progress import print_progress
from eelbert_tf.cli.quiet import import_tensorflow, quiet_start
from eelbert_tf.cli.strategy import launch_workers, open_replicas, run_directory


def run(arguments):
    """Read the data, train, and write the model directory."""
    from eelbert_tf.files import check_free
    from eelbert_tf.preset_names import resolve

    check_unicode(arguments.line)
    resolve(arguments.preset)
    check_free(arguments.out, arguments.overwrite, directory=True)
    if launch_workers(arguments):
        return
    replicas = open_replicas(arguments)
    train, dev, evaluated_on = read_train_and_dev(arguments)
    import_tensorflow()
    with interrupt_between_batches() as interrupts:
        task = _trained(arguments, train, replicas, [interrupts])
    if replicas and not replicas.is_chief:
        return
    write_model(task, train, dev, evaluated_on, arguments)
    if replicas:
        shutil.rmtree(run_directory(arguments), ignore_errors=True)


def write_model(task, train, dev, evaluated_on, arguments, **more):
    """Write the model directory, its settings the arguments and `more`, and tell its metrics."""
    from eelbert_tf.training.model_directory import write_model_directory

    print("Exporting SavedModel and LiteRT, and scoring each ...", flush=True)
    settings = {k: v for k, v in vars(arguments).items() if v is not None and k != "line"}
    with quiet_start():
        metrics = write_model_directory(
            task,
            train,
            dev,
            evaluated_on,
            {**settings, **more},
            arguments.out,
            arguments.overwrite,
            command=["eelbert", *arguments.line],
        )
    print(json.dumps(metrics, indent=2))
    print(f"Model written to {arguments.out}")


def _trained(arguments, train, replicas, callbacks):
    from eelbert_tf.training.fine_tune import fine_tune
    from eelbert_tf.training.fine_tune_replicas import fine_tune_replicas

    settings = {
        "epochs": arguments.epochs,
        "batch_size": arguments.batch_size,
        "learning_rate": arguments.learning_rate,
        "max_words": arguments.max_words,
        "distortion_rate": arguments.distortion_rate,
        "seed": arguments.seed,
        "callbacks": [*callbacks, *_callbacks(arguments)],
    }
    if not replicas:
        verbose = "auto" if sys.stdout.isatty() else 2  # a bar, or a line an epoch
        return fine_tune(train, arguments.preset, verbose=verbose, **settings)
    return fine_tune_replicas(
        replicas,
        train,
        arguments.preset,
        run_directory(arguments),
        report=lambda progress: print_progress(progress, "texts"),
        checkpoint_seconds=arguments.checkpoint_seconds,
        **settings,
    )


def read_train_and_dev(arguments):
    """Read `--data` and `--dev`, or hold a tenth out.

    Returns:
        `(train, dev, evaluated_on)`: two `Examples`, and in words what the second are.
    """
    from eelbert_tf.data.split import stratified_holdout

    examples = read(arguments.data, arguments, arguments.split)
    if arguments.dev:
        train, dev = examples, _read_dev(arguments, examples)
        evaluated_on = f"{arguments.dev} ({len(dev)} rows)"
    else:
        train, dev = stratified_holdout(examples, fraction=0.1, seed=arguments.seed)
        evaluated_on = (
            f"a tenth of {arguments.data} held out of training ({len(dev)} rows, stratified, "
            f"seed {arguments.seed})"
        )
    print(f"{len(train)} rows to train on; to score on: {evaluated_on}", flush=True)
    return train, dev, evaluated_on


def check_unicode(line):
    """The command goes into files of UTF-8 once the model is trained: too late for an error."""
    from eelbert_tf.data.text_file import is_unicode
    from eelbert_tf.errors import UserError

    for argument in line:
        if not is_unicode(argument):
            raise UserError(f"Names and paths must be UTF-8. Received: {argument!r}.")


def _read_dev(arguments, train):
    """The rows to score on, of the same kind as those to train on.

    Raises:
        UserError: they are pairs and the others are not, or have other labels.
    """
    from eelbert_tf.data.read import TFDS_PREFIX
    from eelbert_tf.errors import UserError
    from eelbert_tf.training.evaluate import check_labels, is_score

    split = arguments.dev_split
    if split is None and arguments.dev.startswith(TFDS_PREFIX):
        split = "validation"
    skipped_file = f"dev-{pathlib.Path(arguments.dev).name}.skipped.jsonl"
    dev = read(arguments.dev, arguments, split, skipped_file)
    if (dev.text_pairs is None) != (train.text_pairs is None):
        kinds = {True: "single texts", False: "pairs of texts"}
        raise UserError(
            f"`--dev` must hold what DATA holds, {kinds[train.text_pairs is None]}. Received: "
            f"{kinds[dev.text_pairs is None]} in {dev.source}. Name its columns alike, or with "
            "`--text-column` and `--text-pair-column`."
        )
    check_labels(dev, None if is_score(train) else sorted(set(train.labels)))
    return dev


def _callbacks(arguments):
    if not arguments.log_dir:
        return []
    import keras

    pathlib.Path(arguments.log_dir).mkdir(parents=True, exist_ok=True)
    return [keras.callbacks.TensorBoard(arguments.log_dir)]
