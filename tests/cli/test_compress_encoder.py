"""Tests of `eelbert compress` of encoders: a BERT, a preset, a trained model."""

import json
import shutil

import h5py
import numpy as np
import pytest

from eelbert_tf.errors import UserError
from tests.cli.command import refused, succeeded


def line(source, out, *more):
    return ("compress", source, "--method", "decompose", "--out", out, *more)


def test_a_bert_becomes_a_bert(bert_preset, tmp_path):
    from eelbert_tf.glue.preset_model import PresetModel

    out = tmp_path / "small"
    said = succeeded(*line(bert_preset, out, "--rank", 4, "--bank", 2, "--seed", 3)).out
    assert said.splitlines()[-1] == f"Preset written to {out}"
    record = json.loads((out / "compression.json").read_text())
    assert (record["method"], record["source"], record["seed"]) == ("decompose", "bert", 3)
    assert record["options"] == {"protocol": "IV", "rank": 4, "bank": 2, "ratio": None}
    # 6 matrices of 16 x 16, against U, V, two squares and the shares.
    parameters = record["parameters"]
    saved = 6 * 16 * 16 - (2 * 16 * 4 + 2 * 4 * 4 + 6 * 2)
    assert parameters["before"] - parameters["after"] == saved
    assert f"{parameters['after']:,} parameters, before {parameters['before']:,}" in said
    files = [path for path in out.rglob("*") if path.is_file() and path.name != "compression.json"]
    assert record["bytes"]["after"] == sum(path.stat().st_size for path in files)
    assert "keras-hub" in record["versions"]
    # It is fine-tuned as any BERT is.
    task = PresetModel(out).classifier(("bad", "good"), "mean", max_words=12, seed=0)
    assert task.predict(["a fine film"]).shape == (1, 2)
    refused(*line(bert_preset, out, "--rank", 4), saying=f"{out} exists already", folder=out)


def test_an_eelbert_and_a_trained_model_become_presets(pretrained, classes, tmp_path):
    from eelbert_tf.models import EelbertBackbone, EelbertPreprocessor

    for source, protocol in ((pretrained, "II"), (classes.directory, "III")):
        out = tmp_path / protocol
        succeeded(*line(source, out, "--protocol", protocol, "--ratio", 1.2))
        factors = EelbertBackbone.from_preset(out).encoder_factors
        assert (factors["protocol"], factors["bank"]) == (protocol, None)
        settings = EelbertPreprocessor.from_preset(out).get_config()
        assert settings["max_words"] == (12 if protocol == "III" else 21)


def test_what_is_refused(bert_preset, pretrained, class_file, tmp_path):
    out, other = tmp_path / "out", tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text('{"class_name": "GptBackbone", "config": {}}')
    for source, more, saying in (
        (bert_preset, ("--rank", 17), "`rank` must be from 1 to 16"),
        (bert_preset, ("--ratio", 0.5), "`ratio` must be at least 1. Received: ratio=0.5."),
        (bert_preset, (), "Give either `rank` or `ratio`."),
        (bert_preset, ("--rank", 4, "--data", class_file), "`--data` is not for `--method decom"),
        (bert_preset, ("--rank", 4, "--dev", class_file), "`--dev` is not for `--method decom"),
        (bert_preset, ("--rank", 4, "--epochs", 2), "`--epochs` is for `--method prune or"),
        (bert_preset, ("--rank", 4, "--clusters", 2), "`--clusters` is for `--method cluster`"),
        (tmp_path, ("--rank", 4), "config.json is missing"),
        (tmp_path / "none", ("--rank", 4), "Received: preset="),
        ("eelbert_uno", ("--rank", 4), "an architecture of random weights"),
        (other, ("--rank", 4), "BertBackbone, CompactBertBackbone, bert, EelbertBackbone"),
    ):
        refused(*line(source, out, *more), saying=saying, folder=tmp_path)
    (other / "config.json").write_text("[1")
    refused(*line(other, out, "--rank", 4), saying="is damaged", folder=tmp_path)
    prune = ("compress", pretrained, "--method", "prune", "--out", out)
    refused(*prune, saying="`--method prune` needs `--data`, labelled rows. Received: none.")


@pytest.mark.parametrize("kind", ["bert_preset", "pretrained"])
def test_weights_that_are_no_numbers(kind, request, tmp_path):
    source = tmp_path / "broken"
    shutil.copytree(request.getfixturevalue(kind), source)
    with h5py.File(source / "model.weights.h5", "r+") as file:
        values = file["layers/position_embedding/vars/0"]
        values[0, 0] = np.nan
    command = line(source, tmp_path / "out", "--rank", 4)
    refused(*command, saying="NaN or infinity in position_embedding", folder=tmp_path)


def test_an_encoder_preset_is_checked_in_python_too(tmp_path):
    from eelbert_tf.compression.compress_preset import compress_preset

    with pytest.raises(UserError, match="`--clusters` is for"):
        compress_preset(tmp_path, "decompose", {"clusters": 3}, out=tmp_path / "out")
