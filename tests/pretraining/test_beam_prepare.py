"""Preparation by Beam: the same files as by one process."""

import filecmp
import random

import pytest

from eelbert_tf.beam.load import import_beam

import_beam()

from eelbert_tf.errors import UserError  # noqa: E402
from eelbert_tf.pretraining.beam_prepare import beam_prepare  # noqa: E402
from eelbert_tf.pretraining.prepare import prepare  # noqa: E402
from tests.pretraining.conftest import SENTENCES  # noqa: E402


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Three files of different sizes with documents that occur twice, within one and in two."""
    chance, folder = random.Random(0), tmp_path_factory.mktemp("sources")
    twice = "\n".join(SENTENCES[:3])
    paths = []
    for number, count in enumerate((60, 25, 4)):
        documents = [
            "\n".join(chance.choices([*SENTENCES, "Ünïcödé 東京 ."], k=chance.randint(1, 6)))
            + f"\nnumber {chance.randint(0, 70)}"
            for _ in range(count)
        ]
        documents[1::7] = [twice] * len(documents[1::7])
        path = folder / f"{number}.txt"
        path.write_text("\n\n".join(documents) + "\n\n\x00\n", encoding="utf-8")
        paths.append(str(path))
    return paths


def files_of(directory):
    return sorted(path.name for path in directory.iterdir())


@pytest.mark.parametrize("settings", [{}, {"seed": 5, "shard_words": 150}])
def test_the_same_to_the_byte(sources, tmp_path, settings):
    one, other = tmp_path / "one", tmp_path / "other"
    manifest = prepare(sources, one, max_words=8, **settings)
    assert beam_prepare(sources, other, max_words=8, **settings) == manifest
    names = files_of(one)
    assert files_of(other) == names
    assert filecmp.cmpfiles(one, other, names, shallow=False) == (names, [], [])
    assert manifest["duplicates"] > 9
    assert len(manifest["shards"]) == (13 if settings else 1)


def test_two_workers_the_same(sources, tmp_path):
    manifest = prepare(sources, tmp_path / "one", max_words=8, shard_words=150)
    again = beam_prepare(
        sources,
        tmp_path / "two",
        max_words=8,
        shard_words=150,
        pipeline_options=["--direct_num_workers=2"],
    )
    assert again == manifest


def test_a_dataset(tmp_path, monkeypatch):
    from eelbert_tf.pretraining import corpus

    documents = [["one two .", "three"], ["four"], ["one two .", "three"]]
    monkeypatch.setattr(corpus, "read_documents", lambda name: iter(documents))
    monkeypatch.setattr(corpus, "size_of", lambda name: None)
    manifest = prepare(["wikipedia/toy"], tmp_path / "one")
    assert beam_prepare(["wikipedia/toy"], tmp_path / "two") == manifest
    assert (manifest["documents"], manifest["duplicates"], manifest["words"]) == (2, 1, 5)


@pytest.mark.parametrize(
    "content, saying",
    [
        (b"\n \n", "The corpus must hold words"),
        (None, "does not exist"),
        (b"\xfd7zXZ", "cut short"),
    ],
)
def test_nothing_is_left_of_what_fails(content, saying, tmp_path):
    path = tmp_path / ("corpus.xz" if content and content.startswith(b"\xfd") else "corpus.txt")
    if content is not None:
        path.write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError, match=saying):
        beam_prepare([str(path)], tmp_path / "out")
    assert sorted(tmp_path.rglob("*")) == before
