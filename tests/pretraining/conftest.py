"""A small corpus, its shards, and a toy BERT as teacher and as student."""

import itertools

import pytest

from tests import toy

SENTENCES = [
    "the old man went to the sea .",
    "a fine film is a joy !",
    "she read the book and then the letter , slowly and twice .",
    "what is it ?",
    "they came home",
]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus") / "corpus.txt"
    documents = ["\n".join(four) for four in itertools.permutations(SENTENCES, 4)][:30]
    path.write_text("\n\n".join(documents), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def shards(corpus, tmp_path_factory):
    from eelbert_tf.pretraining.prepare import prepare
    from eelbert_tf.pretraining.shards import Shards

    path = tmp_path_factory.mktemp("shards") / "shards"
    prepare([str(corpus)], path, max_words=8, shard_words=300)
    return Shards(path)


@pytest.fixture(scope="session")
def bert(tmp_path_factory):
    """A directory of a KerasHub BERT with its tokenizer."""
    letters = sorted({c for sentence in SENTENCES for c in sentence} - {" "})
    vocabulary = ["the", "film", *letters, *(f"##{letter}" for letter in letters)]
    path = tmp_path_factory.mktemp("bert") / "bert"
    return toy.save_bert(path, vocabulary, max_sequence_length=64)


@pytest.fixture(scope="session")
def targets(shards, bert, tmp_path_factory):
    from eelbert_tf.pretraining.teacher import Targets, write_targets

    path = tmp_path_factory.mktemp("targets") / "targets"
    write_targets(shards, bert, path, token_dim=8)
    return Targets(path, shards)


@pytest.fixture(scope="session")
def student(tmp_path_factory):
    """The preset directory of an encoder with buckets and a transform."""
    path = tmp_path_factory.mktemp("student") / "student"
    toy.backbone(
        hash_transform_dim=8, bucket_orders=(3,), bucket_count=32, bucket_dim=4
    ).save_to_preset(str(path))
    return path
