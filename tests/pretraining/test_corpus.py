"""Corpora: what is read, and what bad files say."""

import gzip
import lzma

import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining import corpus

TEXT = "one\ntwo\n\n\nthree\n"
DOCUMENTS = [["one", "two"], ["three"]]


@pytest.mark.parametrize(
    "name, opener", [("a.txt", open), ("a.gz", gzip.open), ("a.xz", lzma.open)]
)
def test_blank_lines_end_documents(tmp_path, name, opener):
    with opener(tmp_path / name, "wb") as file:
        file.write(TEXT.encode())
    assert list(corpus.read_documents(str(tmp_path / name))) == DOCUMENTS


def test_malformed_utf8_becomes_replacement_characters(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"caf\xc3 \xff\n")
    assert list(corpus.read_documents(str(tmp_path / "a.txt"))) == [["caf\ufffd \ufffd"]]


def test_one_endless_line_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "LONGEST_LINE", 10)
    (tmp_path / "a.txt").write_text("word " * 9 + "\n\nnext", encoding="utf-8")
    first, second = corpus.read_documents(str(tmp_path / "a.txt"))
    assert " ".join(first).split() == ["word"] * 9
    assert second == ["next"]


def test_an_empty_file_has_no_documents(tmp_path):
    (tmp_path / "a.txt").touch()
    assert list(corpus.read_documents(str(tmp_path / "a.txt"))) == []


def test_a_file_cut_short_is_named(tmp_path):
    whole = lzma.compress(b"line\n" * 100_000)
    (tmp_path / "a.xz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="a.xz is cut short"):
        list(corpus.read_documents(str(tmp_path / "a.xz")))


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "a.pdf").touch()
    with pytest.raises(UserError, match="must end in .txt, .gz, .xz"):
        corpus.read_documents(str(tmp_path / "a.pdf"))


def test_a_dataset_that_cannot_be_had_says_how_to_use_files():
    with pytest.raises(UserError, match="give local text files instead"):
        corpus.read_documents("no_such_dataset_at_all")


def test_a_missing_file_is_named():
    with pytest.raises(UserError, match="missing.txt does not exist"):
        corpus.size_of("missing.txt")


def test_texts_of_a_dataset(monkeypatch):
    import tensorflow as tf
    import tensorflow_datasets as tfds

    data = tf.data.Dataset.from_tensor_slices({"title": ["t"] * 2, "text": ["one\n\ntwo", "  "]})

    class Info:
        features = {"title": None, "text": None}

    monkeypatch.setattr(tfds, "load", lambda *_, **__: (data, Info))
    assert list(corpus.read_documents("wikipedia/toy")) == [["one", "two"]]
    Info.features = {"image": None}
    with pytest.raises(UserError, match="must have one of the features text, document, content"):
        corpus.read_documents("wikipedia/toy")
