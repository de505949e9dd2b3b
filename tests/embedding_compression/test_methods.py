"""`eelbert compress --method svd | autoencoder`, from directory to directory."""

import json
import shutil

import numpy as np
import pytest

from eelbert_tf.compression.compress_preset import compress_preset
from eelbert_tf.embedding_compression.autoencoder import AutoencoderConfig, train_autoencoder
from eelbert_tf.embedding_compression.autoencoder_method import perplexity_of_factors
from eelbert_tf.embedding_compression.backbone import token_table
from eelbert_tf.embedding_compression.factors import Factors
from eelbert_tf.embedding_compression.losses import parse_loss
from eelbert_tf.embedding_compression.svd import svd_factors
from eelbert_tf.errors import UserError
from eelbert_tf.models.bert_directory import load_bert, load_masked_lm
from eelbert_tf.pretraining.perplexity import masked_batches
from tests.cli.command import eelbert, refused, succeeded


def compact(directory):
    return load_bert(directory)[0]


@pytest.fixture(scope="module")
def table(bert):
    return token_table(compact(bert))


def test_svd_by_the_command_line(bert, table, tmp_path):
    out = tmp_path / "svd"
    result = succeeded("compress", bert, "--method", "svd", "--rank", 5, "--out", out).out
    assert "parameters, before" in result
    np.testing.assert_allclose(token_table(compact(out)), svd_factors(table, 5).table(), atol=1e-5)
    record = json.loads((out / "compression.json").read_text())
    assert record["method"] == "svd"
    assert record["options"] == {"rank": 5, "ratio": None}
    assert record["source"] == bert.name
    assert record["parameters"]["after"] < record["parameters"]["before"]
    assert record["bytes"]["after"] < record["bytes"]["before"]
    assert (record["seed"], "keras" in record["versions"]) == (0, True)


def test_a_preset_that_is_compressed_can_be_compressed_again(bert, table, tmp_path):
    compress_preset(bert, "svd", {"rank": 9}, out=tmp_path / "first")
    compress_preset(tmp_path / "first", "svd", {"rank": 5}, out=tmp_path / "second")
    expected = svd_factors(table, 5).table()
    np.testing.assert_allclose(token_table(compact(tmp_path / "second")), expected, atol=1e-4)


def test_autoencoder_by_ratio_and_loss(bert, table, tmp_path):
    out = tmp_path / "out"
    line = ("compress", bert, "--method", "autoencoder", "--ratio", 2.5, "--loss", "cosine=1,l2=2")
    more = ("--activation", "elu", "--start", "svd", "--epochs", 2, "--seed", 3, "--out", out)
    assert "step 2 of 2" in succeeded(*line, *more).out
    backbone = compact(out)
    rows, dim = table.shape
    assert backbone.token_rank == int(rows * dim / (2.5 * (rows + dim)))
    assert backbone.token_activation == "elu"
    config = AutoencoderConfig(parse_loss("cosine=1,l2=2"), "elu", "svd", epochs=2, seed=3)
    expected = train_autoencoder(table, backbone.token_rank, config).table()
    np.testing.assert_allclose(token_table(backbone), expected, atol=1e-5)


def test_with_text_the_epoch_of_the_lowest_perplexity_is_kept(
    masked_lm, shards, corpus, table, tmp_path
):
    seen, options = [], {"rank": 4, "epochs": 4, "learning_rate": 0.05}
    compress_preset(
        masked_lm,
        "autoencoder",
        options,
        out=tmp_path / "out",
        data=shards.directory,
        report=lambda progress: seen.append(progress.losses["perplexity"]),
    )
    task = load_masked_lm(masked_lm)
    kept = compact(tmp_path / "out").token_embedding
    factors = Factors(*(np.asarray(weight) for weight in kept.weights))
    score = perplexity_of_factors(task, masked_batches(shards, task))(factors)
    assert len({*seen}) == 4
    np.testing.assert_allclose(score, min(seen), rtol=1e-4)
    again = eelbert(
        *("compress", masked_lm, "--method", "autoencoder", "--rank", 4, "--epochs", 1),
        *("--data", corpus, "--out", tmp_path / "text"),
    )
    assert again.status == 0
    assert "perplexity" in again.out


def test_a_stopped_run_goes_on(bert, tmp_path):
    options = {"rank": 4, "epochs": 3}
    compress_preset(bert, "autoencoder", options, out=tmp_path / "whole")

    def stop(progress):
        if progress.step == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compress_preset(bert, "autoencoder", options, out=tmp_path / "out", report=stop)
    assert not (tmp_path / "out").exists()
    steps = []
    compress_preset(
        bert,
        "autoencoder",
        options,
        out=tmp_path / "out",
        report=lambda progress: steps.append(progress.step),
    )
    assert steps == [2, 3]  # the checkpoint of an epoch comes behind its report
    whole, own = (token_table(compact(tmp_path / name)) for name in ("whole", "out"))
    np.testing.assert_array_equal(own, whole)


def test_the_result_works_in_glue_and_train(bert, tmp_path):
    from eelbert_tf.glue.preset_model import PresetModel

    compress_preset(bert, "svd", {"rank": 5}, out=tmp_path / "out")
    model = PresetModel(tmp_path / "out")
    classifier = model.classifier(("no", "yes"), "cls_mean", max_words=16, seed=0)
    assert classifier.backbone.token_rank == 5
    assert all(w.trainable for w in classifier.backbone.token_embedding.weights)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (("--method", "svd", "--rank", 17), "between 1 and 16, the largest"),
        (("--method", "svd", "--ratio", 0.9), "`ratio` must be between 1 and"),
        (("--method", "svd"), "One of `rank` and `ratio` must be given"),
        (("--method", "svd", "--rank", 5, "--loss", "l2"), "is for `--method autoencoder`"),
        (("--method", "autoencoder", "--rank", 5, "--loss", "l1"), "`loss` must be cosine, l2"),
        (("--method", "autoencoder", "--rank", 5, "--epochs", 0), "`epochs` must be above 0"),
        (("--method", "autoencoder", "--rank", 5, "--data", "."), "head of a masked LM is needed"),
    ],
)
def test_what_is_refused(bert, tmp_path, more, reason):
    line = ("compress", bert, *more, "--out", tmp_path / "out")
    refused(*line, saying=reason, folder=tmp_path)


def test_an_eelbert_is_refused_with_the_reason(pretrained, tmp_path):
    line = ("compress", pretrained, "--method", "svd", "--rank", 5, "--out", tmp_path / "out")
    refused(*line, saying="An EELBERT has no token table to compress", folder=tmp_path)


def test_nan_and_unknown_classes(bert, tmp_path):

    import keras_hub

    backbone = keras_hub.models.BertBackbone.from_preset(str(bert))
    backbone.token_embedding.embeddings.assign(
        np.full(backbone.token_embedding.embeddings.shape, np.nan)
    )
    shutil.copytree(bert, tmp_path / "nan")
    backbone.save_to_preset(str(tmp_path / "nan"))
    with pytest.raises(UserError, match="NaN or infinity in .*token_embedding"):
        compress_preset(tmp_path / "nan", "svd", {"rank": 5}, out=tmp_path / "out")
    shutil.copytree(bert, tmp_path / "other")
    config = (tmp_path / "other/config.json").read_text().replace("BertBackbone", "T5Backbone")
    (tmp_path / "other/config.json").write_text(config)
    with pytest.raises(UserError, match="BertBackbone, CompactBertBackbone.*Received: T5Backbone"):
        compress_preset(tmp_path / "other", "svd", {"rank": 5}, out=tmp_path / "out")
