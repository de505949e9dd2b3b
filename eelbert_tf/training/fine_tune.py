"""Fine-tuning a preset on labelled texts."""

import math
import pathlib

from eelbert_tf.data.split import label_names
from eelbert_tf.errors import UserError
from eelbert_tf.preset_names import is_bert, resolve
from eelbert_tf.training.evaluate import inputs, is_score

# Encoders that were pretrained on single texts read each text of a pair by itself; the head aligns
# their words. The best of what was tried on all pairs of GLUE (docs/glue.md).
PAIR_HEAD = {"pooling": "aligned_pair", "cross_attention": False}


def fine_tune(
    train,
    preset,
    *,
    epochs=10,
    batch_size=32,
    learning_rate=1e-3,
    max_words=128,
    distortion_rate=0.0,
    seed=0,
    validation=None,
    callbacks=(),
    verbose="auto",
):
    """Train a classifier, or a scorer where labels are numbers, from a preset.

    AdamW, its learning rate rising over a tenth of the steps, then falling to 0 along a cosine.

    Args:
        train: `Examples` with labels.
        preset: str or path; see `EelbertTextClassifier.from_preset`, and for a BERT's directory
            `BertTextClassifier.from_preset`.
        epochs: int.
        batch_size: int.
        learning_rate: float, the highest.
        max_words: int, the window of the model.
        distortion_rate: float, share of letters with a made-up typing error.
        seed: int, of weights, order and dropout.
        validation: `Examples` or None, scored after each epoch.
        callbacks: Keras callbacks.
        verbose: as in `keras.Model.fit`.

    Returns:
        A trained `EelbertTextClassifier` or `BertTextClassifier`.

    Raises:
        UserError: there is but one class, a setting is out of range, or the training diverges.
    """
    check_settings(epochs, batch_size, learning_rate)
    task = new_classifier(train, preset, max_words, distortion_rate, seed)
    return fit(
        task,
        train,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
        validation=validation,
        callbacks=callbacks,
        verbose=verbose,
    )


def new_classifier(train, preset, max_words, distortion_rate, seed):
    """A classifier to train, its head of random weights; see `fine_tune`."""
    import keras

    keras.utils.set_random_seed(seed)
    task = _classifier(train, preset, max_words, distortion_rate, seed)
    if is_score(train):
        task.head.answer_at_first(train.labels)
    return task


def _classifier(train, preset, max_words, distortion_rate, seed):
    from eelbert_tf.models import (
        BertTextClassifier,
        EelbertBackbone,
        EelbertPreprocessor,
        EelbertTextClassifier,
    )

    if is_bert(preset):
        if distortion_rate:
            raise UserError(
                "`distortion_rate` must be 0 for a model of WordPieces. "
                f"Received: distortion_rate={distortion_rate}."
            )
        return BertTextClassifier.from_preset(preset, max_words, **_problem(train))
    backbone = EelbertBackbone.from_preset(preset)
    preprocessor = EelbertPreprocessor.from_backbone(
        backbone,
        tokenizer=_tokenizer(preset),
        max_words=max_words,
        distortion_rate=distortion_rate,
        seed=seed,
    )
    return EelbertTextClassifier(backbone=backbone, preprocessor=preprocessor, **_problem(train))


def fit(
    task,
    train,
    *,
    epochs,
    batch_size,
    learning_rate,
    seed=0,
    validation=None,
    callbacks=(),
    verbose="auto",
):
    """Train a task further on labelled texts; the arguments are those of `fine_tune`.

    Returns:
        The task.

    Raises:
        UserError: a setting is out of range, or the training diverges.
    """
    import keras

    check_settings(epochs, batch_size, learning_rate)
    steps = epochs * math.ceil(len(train) / batch_size)
    task.compile(optimizer=optimizer(learning_rate, steps), run_eagerly=task.run_eagerly)
    held_out = None if validation is None else (inputs(validation), validation.labels)
    history = task.fit(
        inputs(train),
        train.labels,
        batch_size=batch_size,
        epochs=epochs,
        seed=seed,
        validation_data=held_out,
        callbacks=[keras.callbacks.TerminateOnNaN(), *callbacks],
        verbose=verbose,
    )
    if not math.isfinite(history.history["loss"][-1]):
        raise UserError(
            "Training did not converge: the loss is no finite number. Lower `learning_rate`. "
            f"Received: learning_rate={learning_rate}."
        )
    return task


def check_settings(epochs, batch_size, learning_rate):
    """Raise `UserError` where one of them is out of range."""
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if value < 1:
            raise UserError(f"`{name}` must be at least 1. Received: {name}={value}.")
    if not 0 < learning_rate < math.inf:
        raise UserError(
            f"`learning_rate` must be above 0. Received: learning_rate={learning_rate}."
        )


def optimizer(learning_rate, steps):
    """AdamW, warmed up over a tenth of the steps, then decayed to 0 along a cosine."""
    import keras

    from eelbert_tf.training.fused_adamw import FusedAdamW

    warm = max(1, steps // 10)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warm), warmup_target=learning_rate, warmup_steps=warm
    )
    return FusedAdamW(schedule)


def _problem(train):
    from eelbert_tf.models.eelbert_text_classifier import REGRESSION

    head = {} if train.text_pairs is None else PAIR_HEAD
    if is_score(train):
        return {"problem_type": REGRESSION, **head}
    names = label_names(train.labels)
    if len(names) < 2:
        raise UserError(
            f"Training needs at least two classes. Received: only {names[0]!r} in {train.source}."
        )
    return {"labels": names, **head}


def _tokenizer(preset):
    """The WordPiece tokenizer of a preset directory, None where it works on words."""
    from eelbert_tf.models import EelbertPreprocessor

    directory = resolve(preset)
    if directory is None or not (pathlib.Path(directory) / "preprocessor.json").is_file():
        return None
    return EelbertPreprocessor.from_preset(preset).tokenizer
