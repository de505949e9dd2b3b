"""What a teacher says of shards: against the teacher itself, and when it is stopped."""

import keras_hub
import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining import teacher
from eelbert_tf.pretraining.shards import Shards
from eelbert_tf.pretraining.teacher import Targets, Teacher, write_targets


def test_vectors_are_means_of_the_teachers_outputs(shards, bert):
    words, _ = shards.words()
    numbers, ends = shards.load(0)
    sequences = np.split(numbers, ends[:-1])[:5]
    tokens, sentences = Teacher(bert, words, dtype="float32").vectors(sequences)
    backbone = keras_hub.models.BertBackbone.from_preset(str(bert))
    tokenizer = keras_hub.models.BertTokenizer.from_preset(str(bert))
    start = 0
    for sequence, sentence in zip(sequences, sentences):
        cut = [[int(n) for n in tokenizer(words[number])] for number in sequence]
        ids = [tokenizer.cls_token_id, *sum(cut, []), tokenizer.sep_token_id]
        x = {"token_ids": np.array([ids]), "padding_mask": np.ones((1, len(ids)), "int32")}
        x["segment_ids"] = np.zeros((1, len(ids)), "int32")
        outputs = np.asarray(backbone(x)["sequence_output"])[0]
        mean = outputs.mean(axis=0)
        np.testing.assert_allclose(sentence, mean / np.linalg.norm(mean), atol=1e-5)
        place = 1
        for offset, pieces in enumerate(cut):
            expected = outputs[place : place + len(pieces)].mean(axis=0)
            np.testing.assert_allclose(tokens[start + offset], expected, atol=1e-4)
            place += len(pieces)
        start += len(sequence)


def test_a_teacher_that_was_stopped_goes_on(shards, bert, targets, tmp_path, monkeypatch):
    class Stop(Exception):
        pass

    def stop(words, total):
        if words > shards.manifest["shards"][0]["words"]:
            raise Stop

    with pytest.raises(Stop):
        write_targets(shards, bert, tmp_path / "parts", token_dim=8, progress=stop)
    assert Targets(tmp_path / "parts", shards).shards == [0]
    kept = {path: path.read_bytes() for path in (tmp_path / "parts").iterdir()}
    write_targets(shards, bert, tmp_path / "parts", token_dim=8)
    assert all(path.read_bytes() == content for path, content in kept.items())
    again = Targets(tmp_path / "parts", shards)
    assert again.shards == targets.shards == list(range(len(shards)))
    for index in again.shards:
        (tokens, sentences), (_, expected) = again.load(index), targets.load(index)
        assert tokens.shape == (shards.manifest["shards"][index]["words"], 8)
        # The teacher computes in bfloat16, which rounds by the shapes that it has met before.
        np.testing.assert_allclose(sentences, expected, atol=0.02)
    # All is there: the teacher is not even loaded.
    monkeypatch.setattr(teacher, "load_bert", None)
    write_targets(shards, bert, tmp_path / "parts", token_dim=8)


def test_some_shards_alone(shards, bert, tmp_path):
    write_targets(shards, bert, tmp_path / "one", shard_limit=1, token_dim=8)
    assert Targets(tmp_path / "one", shards).shards == [0]


def test_targets_of_other_shards_are_refused(shards, corpus, bert, targets, tmp_path):
    from eelbert_tf.pretraining.prepare import prepare

    other = tmp_path / "other.txt"
    other.write_text(corpus.read_text(encoding="utf-8") + "\n\nmore", encoding="utf-8")
    prepare([str(other)], tmp_path / "shards", max_words=8)
    others = Shards(tmp_path / "shards")
    with pytest.raises(UserError, match="holds targets of other shards"):
        Targets(targets.directory, others)
    with pytest.raises(UserError, match="of another teacher or of other shards"):
        write_targets(others, bert, targets.directory)
    with pytest.raises(UserError, match="holds no targets"):
        Targets(tmp_path, shards)


def test_what_is_no_bert_is_refused(tmp_path):
    with pytest.raises(UserError, match="must hold a BERT"):
        teacher.load_bert(tmp_path)
