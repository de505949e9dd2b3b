"""Tests of the tokenizer for MediaPipe, against SentencePiece itself."""

import pytest
import sentencepiece
from hypothesis import given, settings
from hypothesis import strategies as st

from eelbert_tf.export.mediapipe_tokenizer import text_bytes, token_ids, tokenizer_model

LENGTH = 40


@pytest.fixture(scope="module")
def sentence_piece():
    return sentencepiece.SentencePieceProcessor(model_proto=tokenizer_model())


def assert_alike(sentence_piece, text):
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    around = [sentence_piece.piece_to_id(piece) for piece in ("[CLS]", "[SEP]")]
    # As BertPreprocessorCalculator has it: the C string, in lower case, cut, two tokens around.
    pieces = sentence_piece.encode(data.split(b"\0")[0].lower())[: LENGTH - 2]
    tokens = [around[0], *pieces, around[1]]
    inputs = token_ids(text, LENGTH)
    assert inputs["ids"].tolist() == [tokens + [0] * (LENGTH - len(tokens))]
    assert inputs["mask"].tolist() == [[1] * len(tokens) + [0] * (LENGTH - len(tokens))]
    assert inputs["segment_ids"].tolist() == [[0] * LENGTH]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=50))
def test_every_text(sentence_piece, text):
    assert_alike(sentence_piece, text)


@settings(deadline=None)
@given(st.binary(max_size=50))
def test_malformed_text(sentence_piece, data):
    assert_alike(sentence_piece, data)


@pytest.mark.parametrize(
    "text", ["", "  a  b ", "[CLS]<unk>[SEP]", "▁ ▁", "É\u0301 👍🏽 漢 \u00a0\t\n"]
)
def test_spaces_and_special_tokens_are_text(sentence_piece, text):
    assert_alike(sentence_piece, text)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20))
def test_bytes_come_back(text):
    data = text.encode("utf-8").lower()[: LENGTH - 2]
    codes = text_bytes(token_ids(text, LENGTH)["ids"])[0]
    assert bytes(codes[: len(data)].tolist()) == data
    assert (codes[len(data) :] <= 0).all()
