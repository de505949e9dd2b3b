"""What the flags of training on many devices refuse, and what one device of a strategy does."""

import json
import types

import keras
import pytest

from eelbert_tf.distribution.cluster import Cluster
from eelbert_tf.distribution.strategies import check_batch_size, open_replicas
from eelbert_tf.errors import UserError
from eelbert_tf.models import EelbertBackbone
from tests.cli.command import eelbert, refused, succeeded

ONE = Cluster(["127.0.0.1:1"], 0).variable()


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / "rows.tsv"
    path.write_text("label\ttext\ngood\tfine\nbad\tawful\n" * 4)
    return path


@pytest.mark.parametrize(
    "flags, variable, saying",
    [
        (("mirrored", "--devices", 2), None, "`devices` must be from 1 to 1"),
        (("mirrored", "--devices", 0), None, "`devices` must be from 1 to 1"),
        (("mirrored", "--workers", 2), None, "`--workers` goes with `--strategy multi_worker`"),
        (("multi_worker",), None, "needs the environment variable TF_CONFIG"),
        (("multi_worker",), "{", "TF_CONFIG must name each worker once"),
        (("multi_worker", "--workers", 2), ONE, "as many as TF_CONFIG names, 1. Received: 2"),
        (("multi_worker", "--workers", 0), None, "`--workers` must be at least 1. Received: 0"),
        (("multi_worker", "--devices", 1), ONE, "`devices` goes with mirrored and data_parallel"),
        (("mirrored", "--checkpoint-seconds", -1), None, "must be at least 0. Received: -1.0"),
    ],
)
@pytest.mark.parametrize("command", ["train", "pretrain"])
def test_flags_that_cannot_be_met(command, flags, variable, saying, rows, tmp_path, monkeypatch):
    if variable:
        monkeypatch.setenv("TF_CONFIG", variable)
    line = (command, rows, "--out", tmp_path / "out", "--strategy", *flags)
    refused(*line, saying=saying, folder=tmp_path)


def test_strategies_have_names(rows, tmp_path):
    result = eelbert("train", rows, "--out", tmp_path / "out", "--strategy", "data_parallel")
    assert result.status == 2 and "invalid choice" in result.err


@pytest.mark.parametrize("strategy", ["mirrored", "multi_worker"])
def test_jax_has_another_strategy(strategy, monkeypatch):
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    saying = f"On the jax backend of Keras, .* among data_parallel. Received: strategy='{strategy}'"
    with pytest.raises(UserError, match=saying):
        open_replicas(strategy)


@pytest.mark.parametrize("strategy", ["data_parallel", "no_such"])
def test_tensorflow_has_other_strategies(strategy):
    with pytest.raises(UserError, match="must be among mirrored, multi_worker. Received"):
        open_replicas(strategy)


def test_a_batch_divides():
    check_batch_size(6, types.SimpleNamespace(count=3))
    with pytest.raises(UserError, match="a multiple of the number of replicas, 4. .* batch_size=6"):
        check_batch_size(6, types.SimpleNamespace(count=4))


def test_workers_do_not_prepare_the_corpus_all_at_once(corpus, tmp_path, monkeypatch):
    replicas = types.SimpleNamespace(count=2, is_chief=False)
    monkeypatch.setattr("eelbert_tf.distribution.strategies.open_replicas", lambda *_: replicas)
    monkeypatch.setenv("TF_CONFIG", ONE)
    line = ("pretrain", corpus, "--out", tmp_path / "out", "--strategy", "multi_worker")
    refused(*line, saying="Workers need shards that are there", folder=tmp_path)


def test_pretrain_on_one_device_of_a_strategy(shards, pretrained, tmp_path):
    settings = ("--preset", pretrained, "--epochs", 1, "--batch-tokens", 400)
    strategy = ("--strategy", "mirrored", "--devices", 1, "--checkpoint-seconds", 0)
    out = tmp_path / "out"
    done = succeeded("pretrain", shards.directory, "--out", out, *settings, *strategy)
    assert f"Preset written to {out}" in done.out
    EelbertBackbone.from_preset(out)
    last = (tmp_path / "out.run/log.jsonl").read_text().splitlines()[-1]
    assert json.loads(last)["step"] > 1
