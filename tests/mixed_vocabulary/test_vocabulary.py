"""Vocabularies: learnt from counts, checked where they come from a file."""

import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.mixed_vocabulary.vocabulary import (
    learn_vocabulary,
    read_vocabulary,
    student_tokenizer,
)
from eelbert_tf.models.word_pieces import SPECIAL_PIECES


def test_frequent_words_and_endings_become_pieces():
    stems = [chr(97 + n) + chr(97 + m) for n in range(20) for m in range(20)]
    words = ["the", *[f"{stem}ing" for stem in stems], "q"]
    pieces = learn_vocabulary(words, [10_000, *range(800, 400, -1), 1], vocabulary_size=80)
    assert pieces[:5] == list(SPECIAL_PIECES)
    assert len(set(pieces)) == len(pieces) <= 80
    assert {"the", "q", "##q"} <= {*pieces}
    assert any(piece.startswith("##") and piece.endswith("ing") for piece in pieces)
    tokenizer = student_tokenizer(pieces)
    assert tokenizer.detokenize(tokenizer("Thé abing")) == "the abing"


def test_the_size_is_the_one_asked_for():
    letters = "abcdefghij"
    words = [a + b + c + d for a in letters for b in letters for c in letters for d in letters[:5]]
    pieces = learn_vocabulary(words, range(len(words) + 1000, 1000, -1), vocabulary_size=500)
    assert len(pieces) == 500


def test_no_room_for_special_pieces():
    with pytest.raises(UserError, match="above 5, .* Received: vocabulary_size=5"):
        learn_vocabulary(["a"], [1], vocabulary_size=5)


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([*SPECIAL_PIECES, "the", "a", "the"], "'the' in lines 6, 8 of"),
        (["[PAD]", "[UNK]", "[SEP]", "the"], r"Missing in .*: \[CLS\], \[MASK\]"),
        ([], r"Missing in .*: \[PAD\]"),
    ],
)
def test_vocabulary_files_that_cannot_be_used(tmp_path, lines, error):
    file = tmp_path / "vocabulary.txt"
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(UserError, match=error):
        read_vocabulary(file)


def test_vocabulary_files(tmp_path):
    file = tmp_path / "vocabulary.txt"
    file.write_text("\r\n".join([*SPECIAL_PIECES, "thé"]), encoding="utf-8", newline="")
    assert read_vocabulary(file) == [*SPECIAL_PIECES, "thé"]
    with pytest.raises(UserError, match="cannot be read"):
        read_vocabulary(tmp_path / "missing.txt")
