"""BERTs with WordPieces under this package's head: the same network, saved and loaded."""

import json

import keras_hub
import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.models import BertTextClassifier, CompactBertBackbone, WordPiecePreprocessor
from eelbert_tf.models.bert_directory import load_bert
from eelbert_tf.preset_names import bert_kind
from eelbert_tf.runtimes.load import load_predictor
from eelbert_tf.training.fine_tune import fine_tune
from eelbert_tf.training.model_directory import write_model_directory
from tests import toy


def ids(rows=3, length=7, seed=0):
    random = np.random.default_rng(seed)
    mask = (np.arange(length) < random.integers(2, length, (rows, 1))).astype("int32")
    return {
        "token_ids": random.integers(0, 40, (rows, length)).astype("int32"),
        "padding_mask": mask,
        "segment_ids": np.zeros((rows, length), "int32"),
    }


def test_nothing_made_smaller_is_kerashubs_bert(bert_preset):
    bert = toy.with_random_weights(keras_hub.models.BertBackbone.from_preset(str(bert_preset)))
    backbone = CompactBertBackbone.from_bert(bert)
    x = ids()
    for name, expected in bert(x).items():
        np.testing.assert_allclose(backbone(x)[name], expected, atol=1e-5)
    assert backbone.count_params() == bert.count_params()


def test_a_factorised_table_of_full_rank_is_the_same(bert_preset):
    bert, _ = load_bert(bert_preset)
    backbone = CompactBertBackbone.from_bert(bert, token_rank=16)
    table, kernel, bias = backbone.token_embedding.weights
    table.assign(bert.token_embedding.embeddings)
    kernel.assign(np.eye(16))
    x = ids(seed=1)
    np.testing.assert_allclose(
        backbone(x)["sequence_output"], bert(x)["sequence_output"], atol=1e-5
    )
    bias.assign(np.arange(16.0))
    vectors = np.random.default_rng(0).normal(size=(2, 16)).astype("float32")
    np.testing.assert_allclose(
        backbone.token_embedding(vectors, reverse=True),
        vectors @ backbone.token_embedding.table().T,
        rtol=1e-4,
        atol=1e-4,
    )


@pytest.mark.parametrize("activation", ["linear", "elu"])
def test_presets_keep_every_bit(bert_preset, tmp_path, activation):
    bert, tokenizer = load_bert(bert_preset)
    backbone = CompactBertBackbone.from_bert(bert, token_rank=3, token_activation=activation)
    toy.with_random_weights(backbone).save_to_preset(str(tmp_path))
    tokenizer.save_to_preset(str(tmp_path))
    assert bert_kind(tmp_path) == "CompactBertBackbone"
    loaded, _ = load_bert(tmp_path)
    assert loaded.get_config() == backbone.get_config()
    for ours, theirs in zip(loaded.get_weights(), backbone.get_weights()):
        assert np.array_equal(ours, theirs)


def test_it_learns_from_raw_texts_and_is_written_whole(bert_preset, examples, tmp_path):
    settings = {"epochs": 8, "batch_size": 4, "learning_rate": 1e-2, "seed": 0}
    task = fine_tune(examples, bert_preset, max_words=8, verbose=0, **settings)
    assert isinstance(task, BertTextClassifier)
    metrics = write_model_directory(
        task, examples, examples, "its own rows", settings, tmp_path / "model"
    )
    assert metrics["accuracy"] == metrics["saved_model"]["accuracy"] == 1.0
    assert not (tmp_path / "model" / "model.tflite").exists()
    assert "WordPieces" in (tmp_path / "model" / "README.md").read_text()
    predictor = load_predictor(tmp_path / "model")
    assert predictor.predict(toy.TEXTS) == toy.LABELS
    shorter = BertTextClassifier.from_preset(str(tmp_path / "model" / "preset"), max_words=2)
    assert shorter.preprocessor.max_words == 2
    record = json.loads((tmp_path / "model" / "preset" / "task.json").read_text())
    assert record["class_name"] == "BertTextClassifier"


def test_what_cannot_be(bert_preset, examples, tmp_path):
    with pytest.raises(UserError, match="`distortion_rate` must be 0 for a model of WordPieces"):
        fine_tune(examples, bert_preset, max_words=8, distortion_rate=0.1)
    with pytest.raises(UserError, match="`max_words` must be between 1 and 21"):
        BertTextClassifier.from_preset(bert_preset, max_words=22, labels=["a", "b"])
    _, tokenizer = load_bert(bert_preset)
    with pytest.raises(UserError, match="`max_words` must be at least 1. Received: max_words=0"):
        WordPiecePreprocessor(tokenizer, max_words=0)
    with pytest.raises(UserError, match="must hold a BERT"):
        load_bert(tmp_path)
