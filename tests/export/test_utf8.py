"""Tests of UTF-8 as integer operations."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from eelbert_tf.export.utf8 import bytes_of, decode_utf8

LENGTH = 6
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9)


@pytest.fixture(scope="module")
def decoded():
    """A function from bytes to code points, traced once."""
    graph = tf.function(lambda codes: decode_utf8(codes, LENGTH))

    def decode(data):
        codes = np.zeros((2, bytes_of(LENGTH)), "int32")
        data = data[: bytes_of(LENGTH)]
        codes[1, : len(data)] = list(data)
        empty, points = graph(codes).numpy()
        assert not empty.any()
        return points.tolist()

    decode(b"")
    return decode


def padded(text):
    points = [ord(character) for character in text][:LENGTH]
    return points + [0] * (LENGTH - len(points))


@settings(deadline=None)
@given(TEXTS)
def test_every_text(decoded, text):
    assert decoded(text.encode("utf-8")) == padded(text)


@settings(deadline=None)
@given(TEXTS)
def test_as_java_writes_it(decoded, text):
    utf16 = text.encode("utf-16-be")
    units = [int.from_bytes(utf16[at : at + 2], "big") for at in range(0, len(utf16), 2)]
    java = "".join(map(chr, units)).encode("utf-8", "surrogatepass")
    assert decoded(java) == padded(text)
    assert len(java) <= bytes_of(len(text))


def test_nul_as_java_writes_it(decoded):
    assert decoded(b"a\xc0\x80b") == padded("a\0b")


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_malformed_text_is_no_error(decoded, data):
    assert len(decoded(data)) == LENGTH
