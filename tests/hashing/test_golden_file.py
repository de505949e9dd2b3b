"""The golden file is what its program makes, and covers what it must."""

from tests.golden.make_hash_v1 import golden_text
from tests.hashing.golden import FILE, GOLDEN


def test_the_program_still_gives_the_committed_file():
    assert golden_text() == FILE.read_text(encoding="utf-8")


def test_it_covers_many_words_and_scripts():
    assert len({case["word"] for case in GOLDEN["words"]}) >= 300
    assert len({case["kind"] for case in GOLDEN["words"]}) >= 30
    assert FILE.stat().st_size < 1_000_000
