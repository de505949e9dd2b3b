"""`eelbert train`."""

import json

from eelbert_tf.cli.data import read
from eelbert_tf.cli.quiet import import_tensorflow


def run(arguments):
    """Read the data, train, and write the model directory."""
    from eelbert_tf.data.split import stratified_holdout
    from eelbert_tf.files import check_free
    from eelbert_tf.preset_names import resolve

    resolve(arguments.preset)
    check_free(arguments.out, arguments.overwrite)
    examples = read(arguments.data, arguments)
    if arguments.dev:
        train, dev = examples, read(arguments.dev, arguments)
        evaluated_on = f"{arguments.dev} ({len(dev)} rows)"
    else:
        train, dev = stratified_holdout(examples, fraction=0.1, seed=arguments.seed)
        evaluated_on = (
            f"a tenth of {arguments.data} held out of training ({len(dev)} rows, stratified, "
            f"seed {arguments.seed})"
        )
    print(f"{len(train)} rows to train on; to score on: {evaluated_on}", flush=True)
    import_tensorflow()
    from eelbert_tf.training.fine_tune import fine_tune
    from eelbert_tf.training.model_directory import write_model_directory

    task = fine_tune(
        train,
        arguments.preset,
        epochs=arguments.epochs,
        batch_size=arguments.batch_size,
        learning_rate=arguments.learning_rate,
        max_words=arguments.max_words,
        distortion_rate=arguments.distortion_rate,
        seed=arguments.seed,
        callbacks=_callbacks(arguments),
    )
    print("Exporting SavedModel and LiteRT, and scoring each ...", flush=True)
    settings = {key: value for key, value in vars(arguments).items() if value is not None}
    metrics = write_model_directory(
        task, train, dev, evaluated_on, settings, arguments.out, arguments.overwrite
    )
    print(json.dumps(metrics, indent=2))
    print(f"Model written to {arguments.out}")


def _callbacks(arguments):
    if not arguments.log_dir:
        return []
    import keras

    return [keras.callbacks.TensorBoard(arguments.log_dir)]
