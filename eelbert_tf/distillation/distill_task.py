"""Stage 2: a student learns a task from a teacher that was fine-tuned for it."""

import dataclasses
import pathlib

from eelbert_tf.distillation.config import AnswerConfig
from eelbert_tf.errors import UserError
from eelbert_tf.preset_names import ARCHITECTURES


def distill_task(
    teacher,
    student,
    train,
    run,
    layer_config=None,
    answer_config=None,
    facts=None,
    report=None,
    **loop,
):
    """Train a student on a teacher's layers, then on its answers to the same rows.

    Classes: cross-entropy with the teacher's probabilities. Scores: squared error to the rows' own.

    Args:
        teacher: trained `EelbertTextClassifier` or `BertTextClassifier`.
        student: the same with its own encoder and order of labels, trained in place.
        train: `Examples` with labels.
        run: path of a directory for checkpoints; the same call goes on from there.
        layer_config: `LayerConfig`, or None to learn the answers alone.
        answer_config: `AnswerConfig`.
        facts: dict, what else must be the same when a run goes on.
        report: function of a `trainer.Progress` and of what its speed counts, or None.
        **loop: `callbacks` and `checkpoint_seconds` of `trainer.train`.

    Returns:
        The student.

    Raises:
        UserError: their labels are not the same, those of the rows are others, or the training
            diverges.

    Example:

    ```python
    teacher, _ = load_task("my_bert_model")
    student = EelbertTextClassifier.from_preset("eelbert_uno", labels=["bad", "good"])
    distill_task(teacher, student, read_examples("reviews.tsv"), "reviews.run", LayerConfig())
    ```
    """
    import keras

    from eelbert_tf.distillation.answers import (
        SoftCrossEntropy,
        answer_targets,
        check_answers,
        check_one_answer,
    )
    from eelbert_tf.distillation.imitate_layers import imitate_layers
    from eelbert_tf.distillation.text_rows import TextRows
    from eelbert_tf.training.evaluate import check_labels, inputs, is_score
    from eelbert_tf.training.fine_tune import optimizer
    from eelbert_tf.training.fine_tune_replicas import rows_digest
    from eelbert_tf.training.text_examples import TextExamples
    from eelbert_tf.training.trainer import train as train_steps

    config = answer_config or AnswerConfig()
    check_one_answer(student)
    check_answers(teacher, student.labels)
    check_labels(train, student.labels)
    run, facts = pathlib.Path(run), {**(facts or {}), "rows": rows_digest(train)}

    def told(unit):
        return report and (lambda progress: report(progress, unit))

    if layer_config is not None:
        rows = TextRows(_as_read(teacher, train), student.preprocessor.max_words)
        encoders = _encoder(teacher), _encoder(student)
        settings = (layer_config, facts)
        imitate_layers(*encoders, rows, run / "layers", *settings, report=told("words"), **loop)
    keras.utils.set_random_seed(config.seed)
    if is_score(train):
        loss, targets = "auto", train.labels
    else:
        loss = SoftCrossEntropy(config.temperature, config.hard_label_weight)
        targets = answer_targets(teacher, student, inputs(train), train.labels, config.temperature)
    examples = TextExamples(student, inputs(train), targets, config.batch_size, config.seed)
    steps = config.epochs * examples.steps_of_epoch()
    student.compile(optimizer=optimizer(config.learning_rate, steps), loss=loss, metrics=[])
    (run / "answers").mkdir(parents=True, exist_ok=True)
    settings = {**dataclasses.asdict(config), "layer_config": repr(layer_config), **facts}
    train_steps(student, examples, steps, run / "answers", settings, told("texts"), **loop)
    student.compile()  # `fit` and `evaluate` take labels again
    return student


def load_teacher(directory, train):
    """The trained model that teaches on rows.

    Args:
        directory: str or path of what `eelbert train` wrote, or the name of a shipped model.
        train: `Examples`.

    Raises:
        UserError: there is no such model, a weight is NaN, or it does not fit the rows: one of them
            is of pairs, their labels differ, or one is of scores.
    """
    from eelbert_tf.compression.encoder_preset import check_finite
    from eelbert_tf.data.split import label_names
    from eelbert_tf.distillation.answers import check_answers
    from eelbert_tf.runtimes.load import load_task
    from eelbert_tf.training.evaluate import is_score

    task, pair = load_task(directory)
    check_finite(task, directory)
    kinds = {True: "pairs of texts", False: "single texts"}
    given = train.text_pairs is not None
    if pair != given:
        raise UserError(
            f"{directory} takes {kinds[pair]}, so the data must be such. Received: {kinds[given]} "
            f"in {train.source}."
        )
    check_answers(task, None if is_score(train) else label_names(train.labels))
    return task


def new_student(train, student, max_words=128, seed=0):
    """A task to train on rows: an encoder with a head of random weights.

    Args:
        train: `Examples` with labels.
        student: str or path, as of `distill_general`.
        max_words: int, the window.
        seed: int.

    Returns:
        `EelbertTextClassifier` or `BertTextClassifier`.

    Raises:
        UserError: the encoder cannot be loaded, or a weight is NaN.
    """
    from eelbert_tf.compression.encoder_preset import check_finite, preset_directory
    from eelbert_tf.training.fine_tune import new_classifier

    if str(student) not in ARCHITECTURES:
        student = preset_directory(student)
    task = new_classifier(train, student, max_words, distortion_rate=0.0, seed=seed)
    check_finite(task, student)
    return task


def _encoder(task):
    from eelbert_tf.compression.encoder_preset import EncoderPreset
    from eelbert_tf.models import EelbertPreprocessor

    preprocessor = task.preprocessor
    if isinstance(preprocessor, EelbertPreprocessor):
        return EncoderPreset(task.backbone, preprocessor)
    return EncoderPreset(task.backbone, preprocessor.tokenizer)


def _as_read(teacher, train):
    """The rows; the texts of a pair each by itself where the teacher reads them so."""
    if train.text_pairs is None or teacher.cross_attention:
        return train
    return dataclasses.replace(train, texts=[*train.texts, *train.text_pairs], text_pairs=None)
