"""The fast splitter of corpora: what it gives is the reference's answer."""

from hypothesis import example, given
from hypothesis import strategies as st

from eelbert_tf.hashing import reference
from eelbert_tf.hashing.splitting import split_words
from tests.hashing import golden

APOSTROPHES = st.text(alphabet="a'\u2019 .\u0301\u6771\uff21\x00", max_size=12)


def expected(text):
    return ["".join(map(chr, word)) for word in reference.words(text, 10**9)]


@given(st.one_of(st.text(max_size=60), APOSTROPHES))
@example("a''b don\u2019t 'tis dogs' \ud800x \U000e0001y\ufeff")
def test_words_are_those_of_the_reference(text):
    assert split_words(text) == expected(text)


def test_words_of_the_golden_texts():
    for case in golden.GOLDEN["texts"]:
        text = case["text"]
        assert split_words(text) == expected(text)
