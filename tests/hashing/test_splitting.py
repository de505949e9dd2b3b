"""The fast splitter of corpora: what it gives is the reference's answer."""

from hypothesis import example, given
from hypothesis import strategies as st

from eelbert_tf.hashing import reference
from eelbert_tf.hashing.splitting import split_words, word_spans
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


@given(st.one_of(st.text(max_size=60), APOSTROPHES))
@example("Cafe\u0301s, (x)\ufeff y\u200b")
def test_spans_are_those_of_the_words(text):
    spans = word_spans(text)
    assert [word for word, _, _ in spans] == split_words(text)
    stops = [0, *(stop for _, _, stop in spans)]
    for (word, start, stop), before in zip(spans, stops):
        assert before <= start < stop <= len(text)
        assert split_words(text[start:stop]) == [word]


def test_marks_that_combine_belong_to_the_word():
    assert word_spans("Cafe\u0301, x") == [("cafe", 0, 5), (",", 5, 6), ("x", 7, 8)]
