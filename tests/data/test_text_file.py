"""Tests of what all text formats have in common: packing, UTF-8, blank lines."""

import csv
import gzip
import json
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError
from tests.data.files import FORMATS, write

UNICODE = st.characters(exclude_categories=["Cs"])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("pack", [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress)])
@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("tail", [b"", b"\n\n", b"\r\n\r\n"])
def test_every_format(tmp_path, name, pack, lead, tail):
    suffix, compress = pack
    content = lead + FORMATS[name].encode() + tail
    examples = read_examples(write(tmp_path, name + suffix, compress(content)))
    assert examples.texts == ["a fine film", ""]
    assert examples.labels == ["good", "bad"]
    assert examples.text_pairs is None
    assert examples.skipped == []
    assert examples.source == str(tmp_path / (name + suffix))


@pytest.mark.parametrize("name", FORMATS)
def test_carriage_returns_before_line_feeds(tmp_path, name):
    path = write(tmp_path, name, FORMATS[name].replace("\n", "\r\n"))
    assert read_examples(path).texts == ["a fine film", ""]


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_that_are_not_utf8(tmp_path, name):
    path = write(tmp_path, name, FORMATS[name].encode().replace(b"fine", b"f\xffne"))
    line = 1 if name in ("data.jsonl", "data.txt") else 2
    with pytest.raises(UserError, match=f"{name}, line {line}: not valid UTF-8"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.labels == ["bad"]
    (row,) = examples.skipped
    assert row.line == line
    assert b"f\xffne" in row.raw.encode(errors="surrogateescape")


@pytest.mark.parametrize("name", ["data.tsv", "data.csv"])
def test_a_header_that_is_not_utf8(tmp_path, name):
    path = write(tmp_path, name, FORMATS[name].encode("utf-16"))
    with pytest.raises(UserError, match="line 1: the header is not UTF-8"):
        read_examples(path, skip_bad_rows=True)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_compressed_files_cut_short_or_damaged(tmp_path, name, suffix):
    compress = {".gz": gzip.compress, ".xz": lzma.compress}[suffix]
    content = compress(FORMATS[name].encode())
    with pytest.raises(UserError, match="cut short"):
        read_examples(write(tmp_path, name + suffix, content[:-9]))
    with pytest.raises(UserError, match=f"not a sound {suffix} file"):
        read_examples(write(tmp_path, name + suffix, b"label\ttext\ngood\tfine\n"))


@pytest.mark.parametrize("name", FORMATS)
def test_empty_files(tmp_path, name):
    for content in ("", "\n", "\ufeff"):
        with pytest.raises(UserError, match=f"{name} holds no rows"):
            read_examples(write(tmp_path, name, content))


@pytest.mark.parametrize(
    "name, header", [("data.tsv", "label\ttext\n"), ("data.csv", "label,text")]
)
def test_files_with_only_a_header(tmp_path, name, header):
    with pytest.raises(UserError, match=f"{name} holds no rows"):
        read_examples(write(tmp_path, name, header))


@pytest.mark.parametrize("name", FORMATS)
def test_text_of_any_kind_is_kept(tmp_path, name):
    text = "a\0b \u2028 c\u0085 d\u00a0 " + "long " * 2_500_000 + "\U0001f600"
    content = {
        "data.tsv": f"label\ttext\ngood\t{text}",
        "data.csv": f"label,text\ngood,{text}",
        "data.jsonl": json.dumps({"label": "good", "text": text}),
        "data.txt": f"__label__good {text}",
    }[name]
    assert read_examples(write(tmp_path, name, content)).texts == [text]


@given(st.lists(st.text(UNICODE), min_size=1, max_size=5), st.text(UNICODE))
def test_csv_and_jsonl_give_any_text_back(tmp_path_factory, texts, pair):
    folder = tmp_path_factory.mktemp("any")
    rows = [
        {"label": f"c{number}", "text": text, "text_pair": pair}
        for number, text in enumerate(texts)
    ]
    with (folder / "data.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["label", "text", "text_pair"], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    write(folder, "data.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    for name in ("data.csv", "data.jsonl"):
        examples = read_examples(folder / name)
        assert examples.texts == texts
        assert examples.text_pairs == [pair] * len(texts)
