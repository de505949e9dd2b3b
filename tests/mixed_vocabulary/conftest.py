"""The toy BERT and the shards of pretraining's tests, and a student's tokenizer."""

import pytest

from tests.pretraining.conftest import SENTENCES, bert, corpus, shards  # noqa: F401

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@pytest.fixture(scope="session")
def student_pieces():
    """Fewer than the teacher's, in another order: `film` is `f ##ilm` here."""
    letters = sorted({c for sentence in SENTENCES for c in sentence} - {" "})
    return ["[UNK]", "[PAD]", "[MASK]", "[SEP]", "[CLS]", *letters, "the", "##ilm", "##x"] + [
        f"##{letter}" for letter in letters if letter.isalpha() and letter != "x"
    ]


@pytest.fixture(scope="session")
def vocabulary(student_pieces, tmp_path_factory):
    """A file of them."""
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.txt"
    path.write_text("\n".join(student_pieces) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tokenizer(student_pieces):
    from eelbert_tf.mixed_vocabulary.vocabulary import student_tokenizer

    return student_tokenizer(student_pieces)


@pytest.fixture(scope="session")
def source(bert):  # noqa: F811
    from eelbert_tf.compression.encoder_preset import EncoderPreset

    return EncoderPreset.load(bert)
