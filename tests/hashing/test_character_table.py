"""The table of characters: what the rules give, in one level and in two."""

import importlib.resources
import unicodedata

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.hashing import reference
from eelbert_tf.hashing import specification as spec
from eelbert_tf.hashing.character_table import BLOCK, lookup, pages, ranges
from tests.hashing.character_rules import DERIVED, table_lines

LETTERS = [
    chr(code_point)
    for low, high in DERIVED
    for code_point in range(low, high + 1)
    if unicodedata.category(chr(code_point))[0] == "L"
]


def words(text):
    return reference.words(text + " ", max_characters=10_000)


def test_the_file_is_what_the_rules_give():
    file = importlib.resources.files("eelbert_tf.hashing") / "characters_v1.tsv"
    assert file.read_text(encoding="ascii").splitlines() == table_lines()


def test_pages_and_ranges_agree_on_every_code_point():
    first, values = ranges()
    of_ranges = np.repeat(values, np.diff([*first, 0x110000]))
    page_of_block, page_values = pages()
    assert page_of_block.dtype == np.uint8
    assert page_values.dtype == np.int32
    of_pages = page_values.reshape(-1, BLOCK)[page_of_block].ravel()
    np.testing.assert_array_equal(of_pages, of_ranges)


@given(st.sampled_from(ranges()[0]), st.sampled_from([-1, 0, 1]))
def test_lookup_agrees_with_pages_at_the_borders(border, step):
    code_point = max(border + step, 0)
    page_of_block, page_values = pages()
    value = page_values[int(page_of_block[code_point // BLOCK]) * BLOCK + code_point % BLOCK]
    assert lookup(code_point) == (value % 4, code_point + value // 4)


def test_what_is_folded_folds_to_itself_and_keeps_its_class():
    for code_point in range(0x110000):
        kind, folded = lookup(code_point)
        assert lookup(folded) == (kind, folded)


def test_marks_of_word_borders_are_in_no_word():
    assert lookup(spec.START_MARK)[0] == lookup(spec.END_MARK)[0] == spec.SPACE


@given(st.text(st.sampled_from(LETTERS), max_size=20))
def test_composed_and_decomposed_letters_are_equal(text):
    composed = words(unicodedata.normalize("NFC", text))
    assert composed == words(unicodedata.normalize("NFD", text)) == words(text)


def test_each_letter_equals_its_decomposition():
    different = [x for x in LETTERS if words(x) != words(unicodedata.normalize("NFD", x))]
    assert different == []


def test_each_letter_equals_its_lower_case():
    # The lower case of U+0130 is two characters.
    letters = [x for x in LETTERS if x != "\u0130"]
    assert [x for x in letters if words(x) != words(x.lower())] == []
