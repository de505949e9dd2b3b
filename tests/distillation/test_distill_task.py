"""Tests of learning a task from a teacher."""

import json

import keras
import numpy as np
import pytest

from eelbert_tf.data.examples import Examples
from eelbert_tf.distillation.config import AnswerConfig, LayerConfig
from eelbert_tf.distillation.distill_task import distill_task, load_teacher, new_student
from eelbert_tf.errors import UserError
from eelbert_tf.models import BertTextClassifier
from eelbert_tf.models.word_piece_preprocessor import WordPiecePreprocessor
from tests import toy
from tests.distillation.conftest import EAGER_STEPS, bert

pytestmark = EAGER_STEPS
LAYERS = LayerConfig(epochs=2, batch_tokens=400, learning_rate=1e-2)


def bert_task(tokenizer, **settings):
    """A BERT that answers, its weights random."""
    task = BertTextClassifier(
        bert(num_layers=1),
        preprocessor=WordPiecePreprocessor(tokenizer, toy.MAX_WORDS),
        **{"labels": ["bad", "good"], "dropout": 0.0, **settings},
    )
    return toy.uncompiled(toy.with_random_weights(task, seed=2))


def distance(teacher, student):
    """Of probabilities, in the student's order."""
    order = [teacher.labels.index(name) for name in student.labels]
    own, its = (task.predict_proba(toy.TEXTS) for task in (student, teacher))
    return np.abs(own - its[:, order]).mean()


def test_an_eelbert_learns_the_answers_of_a_bert(tokenizer, examples, tmp_path):
    teacher = bert_task(tokenizer)
    student = toy.uncompiled(toy.classifier(labels=["good", "bad"]))
    before, told = distance(teacher, student), []
    config = AnswerConfig(epochs=8, batch_size=12, learning_rate=3e-2)
    distill_task(
        teacher,
        student,
        examples,
        tmp_path,
        LAYERS,
        config,
        report=lambda progress, unit: told.append((progress.step, unit)),
    )
    assert distance(teacher, student) < before / 2
    assert [unit for _, unit in told] == ["words", "texts"]
    assert np.isfinite(student.evaluate(toy.TEXTS, toy.LABELS, verbose=0)[0])


def test_the_order_of_the_teachers_labels_changes_nothing(tokenizer, examples, tmp_path):
    teacher = bert_task(tokenizer)
    turned = bert_task(tokenizer, labels=["good", "bad"])
    turned.set_weights(teacher.get_weights())
    for weight in turned.head.output_dense.weights:
        weight.assign(np.asarray(weight)[..., ::-1])
    students = []
    for name, one in (("as_it_is", teacher), ("turned", turned)):
        keras.utils.set_random_seed(0)
        student = toy.uncompiled(toy.classifier())
        config = AnswerConfig(epochs=2, batch_size=12, hard_label_weight=0.5)
        distill_task(one, student, examples, tmp_path / name, None, config)
        students.append(student.get_weights())
    for own, other in zip(*students):
        np.testing.assert_allclose(own, other, atol=1e-6)


def test_scores_are_learnt_from_the_rows(scorer, tmp_path):
    scores = [float(label == "good") for label in toy.LABELS]
    rows = Examples(toy.TEXTS, None, scores, "scores.tsv")
    student = toy.uncompiled(toy.classifier(labels=None, problem_type="regression"))
    before = student.evaluate(toy.TEXTS, scores, verbose=0)[0]
    distill_task(scorer, student, rows, tmp_path, None, AnswerConfig(epochs=6, learning_rate=2e-2))
    assert student.evaluate(toy.TEXTS, scores, verbose=0)[0] < 0.7 * before


def test_a_run_that_was_stopped_goes_on(tokenizer, examples, tmp_path):
    teacher = bert_task(tokenizer)
    config = AnswerConfig(epochs=2, batch_size=12)

    def run(folder, **loop):
        keras.utils.set_random_seed(0)
        student = toy.uncompiled(toy.classifier())
        distill_task(teacher, student, examples, tmp_path / folder, None, config, **loop)
        return student.get_weights()

    def stop(batch, logs=None):
        if batch == 2:
            raise KeyboardInterrupt

    stopping = keras.callbacks.LambdaCallback(on_train_batch_end=stop)
    with pytest.raises(KeyboardInterrupt):
        run("stopped", callbacks=[stopping], checkpoint_seconds=0.0)
    for weight, unbroken in zip(run("stopped"), run("unbroken")):
        np.testing.assert_allclose(weight, unbroken, atol=1e-6)


def test_pairs_whose_teacher_reads_each_text_by_itself(tokenizer, tmp_path):
    teacher = bert_task(tokenizer, cross_attention=False)
    student = toy.uncompiled(toy.classifier())
    rows = Examples(toy.TEXTS, toy.TEXTS[::-1], toy.LABELS, "pairs.tsv")
    told = []
    distill_task(
        *(teacher, student, rows, tmp_path, LAYERS),
        AnswerConfig(epochs=1, batch_size=12),
        report=lambda progress, unit: told.append(unit),
    )
    assert told == ["words", "texts"]


def model_directory(task, path):
    """As much of it as is read."""
    task.save_to_preset(str(path / "preset"))
    (path / "command.json").write_text(json.dumps({"pair": False}))
    return path


def test_teachers_from_directories(examples, tmp_path):
    model = model_directory(toy.classifier(), tmp_path / "model")
    assert load_teacher(model, examples).labels == ["bad", "good"]
    for rows, saying in (
        (
            Examples(["a"], ["b"], ["bad"], "p.tsv"),
            "takes single texts, .* pairs of texts in p.tsv",
        ),
        (Examples(["a"], None, [0.5], "s.tsv"), "a teacher of classes and a student of scores"),
        (Examples(["a", "b"], None, ["bad", "fine"], "s.tsv"), "only the student knows fine"),
    ):
        with pytest.raises(UserError, match=saying):
            load_teacher(model, rows)
    broken = toy.classifier()
    broken.head.output_dense.bias.assign([np.nan, 0.0])
    with pytest.raises(UserError, match="NaN or infinity in .*bias"):
        load_teacher(model_directory(broken, tmp_path / "broken"), examples)


def test_students_by_name_or_directory(bert_preset, examples, tmp_path):
    task = new_student(examples, "eelbert_uno", 8)
    assert (task.labels, task.preprocessor.max_words) == (["bad", "good"], 8)
    model = model_directory(toy.classifier(), tmp_path)
    assert new_student(examples, model, 12).backbone.hidden_dim == 16
    assert isinstance(new_student(examples, bert_preset, 12), BertTextClassifier)
    with pytest.raises(UserError, match="`preset` must be one of"):
        new_student(examples, "no_such_student")
