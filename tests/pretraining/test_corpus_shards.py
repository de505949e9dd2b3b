"""A corpus that is named is prepared once."""

import functools

import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining.corpus_shards import corpus_shards
from eelbert_tf.pretraining.prepare import prepare


def test_a_corpus_is_prepared_once(corpus, tmp_path):
    make = functools.partial(prepare, max_words=8)
    first = corpus_shards([corpus], tmp_path / "shards", make)
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "shards").iterdir()}
    again = corpus_shards([corpus], tmp_path / "shards")
    assert again.max_words == 8 and again.word_count == first.word_count > 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "shards").iterdir()} == files


def test_shards_are_taken_as_they_are(shards, tmp_path):
    assert corpus_shards([shards.directory], tmp_path / "none").directory == shards.directory
    assert not (tmp_path / "none").exists()


def test_the_shards_of_another_corpus(corpus, tmp_path):
    corpus_shards([corpus], tmp_path / "shards")
    with pytest.raises(UserError, match="holds the shards of corpus.txt. Received: other.txt"):
        corpus_shards([tmp_path / "other.txt"], tmp_path / "shards")
