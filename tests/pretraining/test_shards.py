"""Preparation and reading of shards."""

import json
import shutil

import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.hashing.splitting import split_words
from eelbert_tf.pretraining.prepare import prepare
from eelbert_tf.pretraining.shards import Shards


@pytest.fixture
def copied(shards, tmp_path):
    return shutil.copytree(shards.directory, tmp_path / "copied")


def test_no_word_is_lost(corpus, shards):
    words, counts = shards.words()
    running = np.concatenate([shards.load(index)[0] for index in range(len(shards))])
    assert [words[n] for n in running] == split_words(corpus.read_text(encoding="utf-8"))
    assert np.array_equal(np.bincount(running), counts)
    assert list(counts) == sorted(counts, reverse=True)
    assert shards.word_count == len(running) == shards.manifest["words"]
    assert len(shards) > 1


def test_sequences_fill_a_shard_and_keep_their_length(shards):
    for index in range(len(shards)):
        running, ends = shards.load(index)
        lengths = np.diff(ends, prepend=0)
        assert ends[-1] == len(running) and lengths.min() >= 1 and lengths.max() <= 8


def test_the_same_again(corpus, shards, tmp_path):
    again = prepare([str(corpus)], tmp_path / "again", max_words=8, shard_words=300)
    assert again == shards.manifest


def test_sources_are_mixed(corpus, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("\n\n".join(f"zebra zebra zebra {n}" for n in range(120)), "utf-8")
    prepare([str(corpus), str(other)], tmp_path / "mixed", max_words=8, shard_words=100)
    shards = Shards(tmp_path / "mixed")
    zebra = shards.words()[0].index("zebra")
    shares = [(shards.load(index)[0] == zebra).mean() for index in range(len(shards) - 1)]
    assert min(shares) > 0.1 and max(shares) < 0.5


def test_a_document_is_kept_once(corpus, shards, tmp_path):
    again = prepare([str(corpus)] * 2, tmp_path / "twice", max_words=8, shard_words=300)
    assert (again["documents"], again["duplicates"]) == (30, 30)
    assert again["words_file"] == shards.manifest["words_file"]


def test_an_empty_corpus_leaves_nothing(tmp_path):
    (tmp_path / "empty.txt").write_text("\n\n \n", encoding="utf-8")
    with pytest.raises(UserError, match="The corpus must hold words"):
        prepare([str(tmp_path / "empty.txt")], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_too_short_sequences_are_refused(corpus, tmp_path):
    with pytest.raises(UserError, match="`max_words` must be at least 4. Received: max_words=3."):
        prepare([str(corpus)], tmp_path / "out", max_words=3)


@pytest.mark.parametrize("damage", ["cut", "altered", "missing"])
def test_a_damaged_shard_is_found(copied, damage):
    path = copied / "shard-00001.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if damage == "cut" else content)
    reader = Shards(copied)
    reader.load(0)
    expected = "cannot be read" if damage == "missing" else "cut short or altered"
    with pytest.raises(UserError, match=f"shard-00001.npz .*{expected}"):
        reader.load(1)


def test_another_hash_version_is_refused(copied):
    manifest = json.loads((copied / "manifest.json").read_text())
    (copied / "manifest.json").write_text(json.dumps({**manifest, "hash_version": 2}))
    with pytest.raises(UserError, match="Received: format 1 and hash version 2"):
        Shards(copied)


def test_a_directory_without_manifest_is_refused(tmp_path):
    with pytest.raises(UserError, match="holds no prepared corpus"):
        Shards(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(UserError, match="is damaged"):
        Shards(tmp_path)
