"""Tests of the data that come with the package, as files and as a TensorFlow dataset."""

from collections import Counter

import pytest

from eelbert_tf.data.assistant import SPLITS, assistant_path
from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError


def test_paths():
    assert [assistant_path(split).name for split in SPLITS] == ["train.tsv", "test.tsv"]
    with pytest.raises(UserError, match="`split` must be `train` or `test`. .*'validation'"):
        assistant_path("validation")


def test_the_files_hold_sixteen_classes_and_share_no_text():
    train, test = (read_examples(assistant_path(split)) for split in SPLITS)
    assert len(set(train.labels)) == 16
    assert set(train.labels) == set(test.labels)
    assert set(train.texts).isdisjoint(test.texts)


def test_the_dataset_holds_the_rows_of_the_files(tmp_path):
    for split in SPLITS:
        loaded = read_examples("tfds:eelbert_assistant", split=split, data_dir=tmp_path)
        written = read_examples(assistant_path(split))
        assert Counter(zip(loaded.texts, loaded.labels, strict=True)) == Counter(
            zip(written.texts, written.labels, strict=True)
        )
