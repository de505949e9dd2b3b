"""De-duplication by digests."""

import pathlib
import resource

from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.pretraining import distinct
from eelbert_tf.pretraining.distinct import DistinctDigests, document_digest

PARAGRAPHS = st.lists(st.text("ab é", max_size=3).filter(str.strip), min_size=1, max_size=3)


@given(st.lists(PARAGRAPHS, max_size=20))
def test_a_document_is_new_once(documents):
    seen = set()
    with DistinctDigests() as digests:
        for document in documents:
            assert digests.add(document_digest(document)) == (tuple(document) not in seen)
            seen.add(tuple(document))


def test_memory_does_not_grow(monkeypatch):
    monkeypatch.setattr(distinct, "CACHE_KIBIBYTES", 512)
    with DistinctDigests() as digests:
        before = resident_bytes()
        assert all(digests.add(document_digest([str(number)])) for number in range(200_000))
        assert resident_bytes() - before < 8_000_000
        assert not digests.add(document_digest(["7"]))


def resident_bytes():
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
