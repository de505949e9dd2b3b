"""Every engine gives the same bits: on the golden file and on any text whatever."""

import os
import pathlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hashing import engines
from tests.hashing.golden import CONFIGS, assert_same_bits, check_engine
from tests.hashing.random_texts import BYTES, CHARACTERS, random_texts

IN_THIS_PROCESS = [
    engines.tensorflow_strings,
    engines.tensorflow_code_points,
    engines.litert,
]
SETTINGS = [("small", 1), ("small", 12), ("four_orders", 40), ("random", 40)]

characters = st.one_of(
    st.sampled_from(CHARACTERS),
    st.characters(exclude_categories=["Cs"]),
    st.characters(codec="ascii"),
)
unicode_texts = st.text(characters, max_size=60).map(str.encode)
byte_texts = st.one_of(
    st.binary(max_size=60), st.lists(st.sampled_from(BYTES), max_size=60).map(bytes)
)


@pytest.mark.parametrize("engine_of", [engines.plain_python, *IN_THIS_PROCESS])
def test_golden_file(engine_of):
    check_engine(engine_of)


@pytest.mark.parametrize(("name", "window"), SETTINGS)
@given(texts=st.lists(st.one_of(unicode_texts, byte_texts), min_size=1, max_size=8))
def test_any_text(name, window, texts):
    config = CONFIGS[name]
    expected = engines.plain_python(config, window)(texts)
    for engine_of in IN_THIS_PROCESS:
        assert_same_bits(engine_of(config, window)(texts), expected, texts)


@pytest.mark.parametrize("engine_of", IN_THIS_PROCESS)
@pytest.mark.parametrize(("name", "window"), SETTINGS)
def test_random_texts(engine_of, name, window):
    texts = random_texts(count=300, seed=0)
    expected = engines.plain_python(CONFIGS[name], window)(texts)
    assert_same_bits(engine_of(CONFIGS[name], window)(texts), expected, texts)


def test_a_batch_without_words():
    texts = [b"", b" ", "\u200d\u3000".encode()]
    for engine_of in IN_THIS_PROCESS:
        vectors = engine_of(CONFIGS["small"], 12)(texts)
        assert [rows.shape for rows in vectors] == [(0, 12)] * 3


def test_jax_without_tensorflow():
    root = pathlib.Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.hashing.jax_process"],
        cwd=root,
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == "compared 300 random texts\n"
