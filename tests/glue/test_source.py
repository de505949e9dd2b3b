"""Tests of reading GLUE's tasks."""

import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.glue import source
from eelbert_tf.glue.labels import class_ids
from eelbert_tf.glue.source import digest, read_tasks
from eelbert_tf.glue.tasks import TASKS, chosen_tasks
from tests.glue import files


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return files.write_source(tmp_path_factory.mktemp("glue"))


def test_what_is_there_is_read_and_the_rest_is_named(directory):
    data, missing = read_tasks(str(directory), None)
    assert [task.name for task in data] == ["sst2", "stsb", "mnli"]
    assert missing == ["cola", "mrpc", "qqp", "qnli", "rte", "wnli"]
    sst2, stsb, mnli = data.values()
    assert (len(sst2.train), len(sst2.dev[""]), len(sst2.test[""])) == (48, 30, 12)
    assert sst2.train.text_pairs is None
    assert sst2.test[""].labels == [str(number) for number in reversed(range(12))]
    assert set(sst2.train.labels) == {"0", "1"}
    assert isinstance(stsb.train.labels[0], float)
    assert (list(mnli.dev), list(mnli.test)) == (["_matched", "_mismatched"], ["_matched"])
    assert len(mnli.dev["_mismatched"]) == 24


def test_labels_become_numbers(directory):
    data, _ = read_tasks(str(directory), ["mnli", "stsb"])
    mnli, stsb = data[TASKS["mnli"]].train, data[TASKS["stsb"]].train
    assert class_ids(TASKS["mnli"], mnli)[:4].tolist() == [0, 1, 2, 0]
    scores = class_ids(TASKS["stsb"], stsb)
    assert (scores.dtype, scores.tolist()) == (np.float32, stsb.labels)


def test_labels_by_the_names_of_tfds(tmp_path):
    rows = [("label", "sentence"), *[("positive", "a"), ("negative", "b")] * 8]
    files.write_task(tmp_path, "sst2", train=rows, dev=rows)
    data, _ = read_tasks(str(tmp_path), ["sst2"])
    assert class_ids(TASKS["sst2"], data[TASKS["sst2"]].train)[:2].tolist() == [1, 0]


def test_a_test_part_without_an_index_is_counted(tmp_path):
    files.write_task(
        tmp_path,
        "sst2",
        train=files.sst2_rows(),
        dev=files.sst2_rows(),
        test=[("sentence",), ("a",), ("b",)],
    )
    data, _ = read_tasks(str(tmp_path), None)
    assert data[TASKS["sst2"]].test[""].labels == ["0", "1"]


@pytest.mark.parametrize(
    "rows, message",
    [
        (["1\ta", "\tb"], r"train.tsv.gz, line 3: column `label` is empty"),
        (["1\ta", "2\tb"], r"train.tsv.gz, line 3: a label of SST-2 must be one of 0, 1. .*: '2'"),
        (["1\ta", "1"], r"train.tsv.gz, line 3: expected 2 tab-separated fields, found 1"),
    ],
)
def test_bad_rows(tmp_path, rows, message):
    rows = [tuple(row.split("\t")) for row in ("label\tsentence", *rows)]
    files.write_task(tmp_path, "sst2", train=rows, dev=files.sst2_rows())
    with pytest.raises(UserError, match=message):
        read_tasks(str(tmp_path), ["sst2"])


def test_bad_scores_and_indices(tmp_path):
    rows = [("label", "sentence1", "sentence2"), ("1", "a", "b"), ("high", "a", "b")]
    files.write_task(tmp_path, "stsb", train=rows, dev=files.stsb_rows())
    with pytest.raises(UserError, match="line 3: a score must be a number. Received: 'high'"):
        read_tasks(str(tmp_path), ["stsb"])
    test = [("index", "sentence"), ("0", "a"), ("x1", "a")]
    files.write_task(tmp_path, "sst2", train=files.sst2_rows(), dev=files.sst2_rows(), test=test)
    with pytest.raises(UserError, match="test.tsv.gz, line 3: an index must be a whole number"):
        read_tasks(str(tmp_path), ["sst2"])


def test_columns_of_another_task(tmp_path):
    files.write_task(tmp_path, "sst2", train=files.rte_rows(), dev=files.sst2_rows())
    with pytest.raises(UserError, match="must be one of 0, 1"):
        read_tasks(str(tmp_path), ["sst2"])
    files.write_task(tmp_path, "wnli", train=files.sst2_rows(), dev=files.sst2_rows())
    with pytest.raises(UserError, match="WNLI needs two columns of texts. Received: one column"):
        read_tasks(str(tmp_path), ["wnli"])


def test_what_is_not_there(directory, tmp_path):
    with pytest.raises(UserError, match="Task rte needs .*rte/train.tsv.gz, which is missing"):
        read_tasks(str(directory), ["sst2", "rte"])
    with pytest.raises(UserError, match="holds no task of GLUE"):
        read_tasks(str(tmp_path), None)
    with pytest.raises(UserError, match="`--source` must be `tfds` or a directory"):
        read_tasks(str(tmp_path / "none"), None)
    with pytest.raises(UserError, match="Tasks must be among cola, sst2.* Received: sst3."):
        chosen_tasks(["sst2", "sst3"])


def test_the_digest_follows_the_rows(directory, tmp_path):
    data, _ = read_tasks(str(directory), ["sst2"])
    again, _ = read_tasks(str(directory), ["sst2"])
    sst2 = TASKS["sst2"]
    assert digest(data[sst2]) == digest(again[sst2])
    again[sst2].dev[""].labels[0] = "x"
    assert digest(data[sst2]) != digest(again[sst2])


def test_tfds(monkeypatch, tmp_path):
    from tests.glue.small_glue import EelbertSmallGlue

    monkeypatch.setattr(source, "TFDS_DATA_SET", "eelbert_small_glue")
    for config in ("sst2", "stsb"):
        EelbertSmallGlue(config=config, data_dir=tmp_path).download_and_prepare()
    data, missing = read_tasks("tfds", ["sst2", "stsb"], data_dir=tmp_path)
    sst2, stsb = data[TASKS["sst2"]], data[TASKS["stsb"]]
    assert missing == []
    assert (len(sst2.train), len(sst2.dev[""])) == (20, 20)
    assert set(sst2.train.labels) == {"positive", "negative"}
    assert sorted(map(int, sst2.test[""].labels)) == list(range(20))
    assert all(text.endswith(f" {n}") for text, n in zip(sst2.test[""].texts, sst2.test[""].labels))
    assert isinstance(stsb.dev[""].labels[0], float)


def test_a_download_that_fails(monkeypatch, tmp_path):
    import tensorflow_datasets

    def load(*_, **__):
        raise ConnectionError("no route to host\nmore")

    monkeypatch.setattr(tensorflow_datasets, "load", load)
    with pytest.raises(UserError, match="name it: `--source DIR`.*no route to host") as caught:
        read_tasks("tfds", None, data_dir=tmp_path)
    assert "\n" not in str(caught.value)
