"""Tests of TensorFlow datasets, on one made for the tests."""

import pytest

from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError

SOURCE = "tfds:eelbert_small"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    from tests.data.small_dataset import EelbertSmall

    folder = tmp_path_factory.mktemp("tfds")
    EelbertSmall(data_dir=folder).download_and_prepare()
    return folder


def number_of(text):
    return int(text.split()[-1])


def test_texts_and_class_names(data_dir):
    examples = read_examples(SOURCE, data_dir=data_dir, text_column="sentence1")
    assert sorted(map(number_of, examples.texts)) == list(range(20))
    assert all(text.startswith("first käse ") for text in examples.texts)
    assert examples.labels == [("no", "yes")[number_of(text) % 2] for text in examples.texts]
    assert examples.source == SOURCE


@pytest.mark.parametrize("split, count", [("validation", 20), ("train[:25%]", 5)])
def test_other_splits(data_dir, split, count):
    examples = read_examples(SOURCE, data_dir=data_dir, text_column="sentence1", split=split)
    assert len(examples) == count


def test_pairs_by_the_usual_names_and_bytes_that_are_not_utf8(data_dir):
    with pytest.raises(UserError, match="row .*: column `sentence2` is not valid Unicode"):
        read_examples(SOURCE, data_dir=data_dir)
    examples = read_examples(SOURCE, data_dir=data_dir, skip_bad_rows=True)
    assert len(examples) == 19
    assert list(map(number_of, examples.texts)) == list(map(number_of, examples.text_pairs))


def test_numbers_with_a_fraction_are_scores(data_dir):
    examples = read_examples(
        SOURCE, data_dir=data_dir, text_column="sentence1", label_column="similarity"
    )
    assert examples.labels == [number_of(text) / 4 for text in examples.texts]


def test_whole_numbers_are_class_names(data_dir):
    examples = read_examples(SOURCE, data_dir=data_dir, text_column="sentence1", label_column="idx")
    assert examples.labels == [str(number_of(text)) for text in examples.texts]


def test_hidden_labels(data_dir):
    options = {"data_dir": data_dir, "text_column": "sentence1", "split": "test"}
    with pytest.raises(UserError, match="split `test`, are hidden"):
        read_examples(SOURCE, **options, skip_bad_rows=True)
    assert len(read_examples(SOURCE, **options, with_labels=False)) == 20


def test_a_column_of_lists(data_dir):
    with pytest.raises(UserError, match="`words` of `tfds:eelbert_small` does not hold single"):
        read_examples(SOURCE, data_dir=data_dir, text_column="words")


def test_a_missing_column(data_dir):
    with pytest.raises(UserError, match="Columns found: .*sentence1.*`--text-column`"):
        read_examples(SOURCE, data_dir=data_dir, text_column="text")


@pytest.mark.parametrize(
    "source, split, reason",
    [("tfds:no_such_data", None, "no_such_data not found"), (SOURCE, "dev", "Unknown split")],
)
def test_what_cannot_be_loaded(data_dir, source, split, reason):
    with pytest.raises(UserError, match=f"give the path of a local .tsv.*{reason}") as caught:
        read_examples(source, split=split, data_dir=data_dir)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
