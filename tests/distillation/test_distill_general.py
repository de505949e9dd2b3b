"""Tests of learning a teacher's layers on a corpus."""

import pytest

from eelbert_tf.distillation.config import LayerConfig
from eelbert_tf.distillation.distill_general import distill_general
from eelbert_tf.errors import UserError
from eelbert_tf.models import EelbertPreprocessor, EelbertTextClassifier
from eelbert_tf.models.bert_directory import load_bert
from tests.distillation.conftest import EAGER_STEPS
from tests.pretraining.conftest import bert, corpus, shards  # noqa: F401 (fixtures)

pytestmark = EAGER_STEPS
CONFIG = LayerConfig(epochs=0.05, batch_tokens=400)


def test_presets_of_the_students_own_kind(shards, bert, bert_preset, pretrained, tmp_path):  # noqa: F811
    told = []
    distill_general(shards, bert, pretrained, tmp_path / "one", CONFIG, report=told.append)
    assert told[-1].losses["loss"] > 0
    task = EelbertTextClassifier.from_preset(tmp_path / "one", labels=["bad", "good"])
    assert isinstance(task.preprocessor, EelbertPreprocessor)
    distill_general(shards, pretrained, bert_preset, tmp_path / "two", CONFIG)
    assert load_bert(tmp_path / "two")[1].vocabulary_size() > 0
    with pytest.raises(UserError, match="exists already"):
        distill_general(shards, bert, pretrained, tmp_path / "one", CONFIG)


def test_an_architecture_learns_from_any_teacher(shards, bert, tmp_path):  # noqa: F811
    backbone = distill_general(shards, bert, "eelbert_uno", tmp_path / "one", CONFIG)
    assert backbone.hidden_dim == 128
    with pytest.raises(UserError, match="is an architecture of random weights"):
        distill_general(shards, "eelbert_uno", bert, tmp_path / "two", CONFIG)
