"""Whole runs: what Stage I hands over, what comes out, and how a run goes on."""

import keras_hub
import numpy as np
import pytest

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.errors import UserError
from eelbert_tf.mixed_vocabulary import compress as module
from eelbert_tf.mixed_vocabulary.compress import compress
from eelbert_tf.mixed_vocabulary.config import MixedVocabularyConfig
from eelbert_tf.mixed_vocabulary.stage_1 import train_mixed
from eelbert_tf.mixed_vocabulary.student import student_backbone
from tests import toy

OPTIONS = {
    "student": "1x8",
    "stage_1_epochs": 1.0,
    "epochs": 1.0,
    "stage_1_learning_rate": 1e-2,
    "learning_rate": 1e-2,
    "batch_tokens": 400,
}


@pytest.fixture(scope="module")
def run(source, shards, vocabulary, tmp_path_factory):
    """The directory of a run that has ended, its result, and what was reported."""
    path = tmp_path_factory.mktemp("mixed") / "out.run"
    reports = []
    result = compress(
        source, path, shards.directory, report=reports.append, vocabulary=vocabulary, **OPTIONS
    )
    return path, result, reports


@pytest.mark.parametrize(
    ("shape", "count"),
    [("12x128", 3_092_608), ("6x256", 6_198_016), ("6x192", 3_751_488), ("12x48", 602_928)],
)
def test_students_have_as_many_parameters_as_in_the_paper(shape, count):
    assert student_backbone(shape, 4928).count_params() == count


def test_the_students_table_is_that_of_stage_1_to_the_bit(run, source):
    path, _, reports = run
    with np.load(path / "stage_1" / "checkpoint.npz") as arrays:
        kept = [arrays[name] for name in arrays.files]
    begun = EncoderPreset.load(path / "student").backbone
    table = begun.token_embedding.get_weights()[0]
    assert any(np.array_equal(table, array) for array in kept if array.shape == table.shape)
    fresh = student_backbone("1x8", len(table)).token_embedding.get_weights()[0]
    assert np.abs(table - fresh).max() > 0.01
    # Everything else begins at random, as without Stage I.
    assert not begun.get_layer("embeddings_layer_norm").get_weights()[1].any()
    assert {"teacher_pieces_loss", "student_pieces_loss"} <= set(reports[0].losses)


def test_the_result_is_a_bert_with_its_masked_lm(run, tmp_path):
    _, result, _ = run
    result.save(tmp_path / "out")
    task = keras_hub.models.BertMaskedLM.from_preset(str(tmp_path / "out"))
    assert task.backbone.num_layers == 1 and task.backbone.hidden_dim == 8
    assert task.backbone.dropout == 0.1
    for new, old in zip(task.backbone.get_weights(), result.backbone.get_weights()):
        assert np.array_equal(new, old)
    assert np.abs(task.masked_lm_head.get_weights()[-1]).max() > 0
    assert result.tokenizer("the film").tolist() == task.preprocessor.tokenizer("the film").tolist()


def test_a_run_that_ended_is_not_made_again(run, source, shards, vocabulary):
    path, result, _ = run
    reports = []
    again = compress(
        source, path, shards.directory, report=reports.append, vocabulary=vocabulary, **OPTIONS
    )
    assert not reports
    for new, old in zip(again.backbone.get_weights(), result.backbone.get_weights()):
        assert np.array_equal(new, old)


def test_a_run_goes_on_with_its_own_settings_alone(run, source, shards, vocabulary):
    changed = {**OPTIONS, "mixing": 0.25}
    with pytest.raises(UserError, match=r"mixing=0.25 \(was 0.5\)"):
        compress(source, run[0], shards.directory, vocabulary=vocabulary, **changed)


class Stopped(Exception):
    pass


def test_stage_1_goes_on_where_it_was_stopped(
    run, source, shards, tokenizer, tmp_path, monkeypatch
):
    """To the table of a run that was not: that of the fixture."""
    monkeypatch.setattr("eelbert_tf.training.trainer.REPORT_EVERY", 1)
    settings = (shards, source, tokenizer, tmp_path, MixedVocabularyConfig(**OPTIONS))

    def stop(progress):
        if progress.step == 3:
            raise Stopped

    with pytest.raises(Stopped):
        train_mixed(*settings, report=stop, checkpoint_seconds=0.0)
    steps = []
    student, _ = train_mixed(*settings, report=lambda progress: steps.append(progress.step))
    assert steps[0] == 3 < steps[-1]  # the report came before the checkpoint of its step
    unbroken = EncoderPreset.load(run[0] / "student").backbone
    for new, old in zip(student.get_weights(), unbroken.get_weights()):
        np.testing.assert_allclose(new, old, atol=1e-4)


def test_shared_projections_train_both_at_once(source, shards, vocabulary, tmp_path, monkeypatch):
    monkeypatch.setattr("eelbert_tf.training.trainer.REPORT_EVERY", 5)
    options = {**OPTIONS, "shared_projections": True, "projection_weight": 1.0}
    reports = []
    compress(
        source,
        tmp_path / "run",
        shards.directory,
        report=reports.append,
        vocabulary=vocabulary,
        **options,
    ).save(tmp_path / "out")
    first, last = reports[0].losses, reports[-1].losses
    assert last["masked_pieces_loss"] < first["masked_pieces_loss"]
    assert last["teacher_pieces_loss"] < first["teacher_pieces_loss"]
    # What the heads do not explain of the loss is the distance, which falls too.
    distance = [
        record["loss"] - sum(value for name, value in record.items() if name != "loss")
        for record in (first, last)
    ]
    assert 0 < distance[1] < distance[0]
    task = keras_hub.models.BertMaskedLM.from_preset(str(tmp_path / "out"))
    assert np.abs(task.masked_lm_head.get_weights()[-1]).max() > 0
    # The biases of random weights are 0.
    [bias] = [
        weight
        for weight in task.backbone.transformer_layers[0].weights
        if weight.path.endswith("query/bias")
    ]
    assert np.abs(bias).max() > 0
    assert not (tmp_path / "run" / "student").exists()


def test_the_vocabulary_is_learnt_once_from_the_corpus(source, corpus, tmp_path, monkeypatch):
    learnt, sizes = [], []

    def learn(words, counts, size):
        learnt.append(size)
        return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words[: size - 5]]

    def stop(shards, source, tokenizer, *_, **__):
        sizes.append(tokenizer.vocabulary_size())
        raise Stopped

    monkeypatch.setattr(module, "learn_vocabulary", learn)
    monkeypatch.setattr(module, "train_mixed", stop)
    for _ in range(2):
        with pytest.raises(Stopped):
            compress(source, tmp_path / "run", corpus, **OPTIONS, vocabulary_size=20)
    assert learnt == [20] and sizes == [20, 20]
    assert (tmp_path / "run" / "shards" / "manifest.json").exists()


def test_a_teacher_without_a_vocabulary(pretrained, shards, tmp_path):
    teacher = EncoderPreset.load(pretrained)
    with pytest.raises(UserError, match="no vocabulary to mix.*Received: EelbertBackbone"):
        compress(teacher, tmp_path / "run", shards.directory, **OPTIONS)


def test_a_vocabulary_with_duplicates(source, shards, student_pieces, tmp_path):
    file = tmp_path / "vocabulary.txt"
    file.write_text("\n".join([*student_pieces, "the"]))
    with pytest.raises(UserError, match="'the' in lines"):
        compress(source, tmp_path / "run", shards.directory, vocabulary=file, **OPTIONS)


def test_stage_1_begins_with_the_teachers_head(source, shards, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr("eelbert_tf.mixed_vocabulary.stage_1.train", lambda *_, **__: None)
    preprocessor = keras_hub.models.BertMaskedLMPreprocessor(source.tokenizer, sequence_length=32)
    task = keras_hub.models.BertMaskedLM(source.backbone, preprocessor)
    toy.with_random_weights(task.masked_lm_head)
    task.save_to_preset(str(tmp_path / "teacher"))
    teacher = EncoderPreset.load(tmp_path / "teacher")
    settings = (tokenizer, tmp_path / "run", MixedVocabularyConfig(**OPTIONS))
    _, model = train_mixed(shards, teacher, *settings)
    trained = model.get_layer("teacher_head").get_weights()
    for new, old in zip(trained, task.masked_lm_head.get_weights()):
        assert np.array_equal(new, old)
