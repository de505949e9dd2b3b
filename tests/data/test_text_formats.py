"""Tests of what is particular to TSV, CSV, JSON Lines and fastText files."""

import csv
import gzip
import json
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError

UNICODE = st.characters(exclude_categories=["Cs"])


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


FORMATS = {
    "data.tsv": "label\ttext\ngood\ta fine film\nbad\t\n",
    "data.csv": 'label,text\ngood,a fine film\nbad,""\n',
    "data.jsonl": '{"label": "good", "text": "a fine film"}\n{"label": "bad", "text": ""}\n',
    "data.txt": "__label__good a fine film\n__label__bad\n",
}


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


@given(st.lists(st.text(UNICODE.filter(lambda c: c not in "\t\n\r")), min_size=1, max_size=5))
def test_tsv_gives_any_text_without_tabs_and_line_breaks_back(tmp_path_factory, texts):
    content = "label\ttext\n" + "".join(f"c\t{text}\n" for text in texts)
    path = write(tmp_path_factory.mktemp("any"), "data.tsv", content)
    assert read_examples(path).texts == texts


def test_tsv_quote_marks_are_text(tmp_path):
    path = write(tmp_path, "data.tsv", 'label\ttext\na\t"quoted"\nb\t"open\nc\t""\n')
    assert read_examples(path).texts == ['"quoted"', '"open', '""']


@pytest.mark.parametrize("row, count", [("a", 1), ("", 1), ("a\tb\tc", 3)])
def test_tsv_wrong_number_of_fields(tmp_path, row, count):
    path = write(tmp_path, "data.tsv", f"label\ttext\ngood\tfine\n{row}\nbad\tpoor\n")
    with pytest.raises(UserError, match=f"line 3: expected 2 tab-separated fields, found {count}"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["fine", "poor"]
    assert [(skipped.line, skipped.raw) for skipped in examples.skipped] == [(3, row)]


def test_csv_line_numbers_count_the_lines_of_the_file(tmp_path):
    content = 'label,text\ngood,"two\nlines"\nbad\ngood,"a ""b"", c"\n'
    path = write(tmp_path, "data.csv", content)
    with pytest.raises(UserError, match="line 4: expected 2 fields, found 1"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["two\nlines", 'a "b", c']
    assert [(row.line, row.raw) for row in examples.skipped] == [(4, "bad")]


def test_csv_quote_that_is_never_closed_does_not_swallow_rows_in_silence(tmp_path):
    path = write(tmp_path, "data.csv", 'label,text\ngood,fine\nbad,"open\ngood,lost\n')
    with pytest.raises(UserError, match="line 3: not sound CSV: unexpected end of data"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["fine"]
    assert [row.raw for row in examples.skipped] == ['bad,"open\ngood,lost']


def test_csv_text_after_a_closing_quote(tmp_path):
    path = write(tmp_path, "data.csv", 'label,text\nbad,"a"b\ngood,fine\n')
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["fine"]
    assert [(row.line, row.raw) for row in examples.skipped] == [(2, 'bad,"a"b')]


def test_csv_unsound_header(tmp_path):
    path = write(tmp_path, "data.csv", 'label,"text\n')
    with pytest.raises(UserError, match="line 1: the header is not sound CSV"):
        read_examples(path, skip_bad_rows=True)


def test_csv_leaves_the_field_limit_of_the_process_alone(tmp_path):
    before = csv.field_size_limit()
    read_examples(write(tmp_path, "data.csv", FORMATS["data.csv"]))
    assert csv.field_size_limit() == before


def test_csv_blank_lines_among_single_texts_are_empty_texts(tmp_path):
    path = write(tmp_path, "data.csv", "text\na\n\nb\n")
    assert read_examples(path, with_labels=False).texts == ["a", "", "b"]


@pytest.mark.parametrize(
    "line, reason",
    [
        ("{", "not valid JSON"),
        ("", "not valid JSON"),
        ('{"label": "a", "text": "b"} x', "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"label": ' + "9" * 5000 + "}", "not valid JSON"),
        ('["a", "b"]', "not a JSON object"),
        ('{"label": "a"}', "column `text` is empty"),
        ('{"label": "a", "text": null}', "column `text` is empty"),
        ('{"label": "a", "text": 3}', "column `text` must hold text. Received: int"),
        ('{"label": "a", "text": ["b"]}', "column `text` must hold text. Received: list"),
        (r'{"label": "a", "text": "\ud800"}', "column `text` is not valid Unicode"),
        ('{"text": "a"}', "column `label` is empty"),
        ('{"label": "", "text": "a"}', "column `label` is empty"),
        ('{"label": NaN, "text": "a"}', "column `label` is empty"),
        ('{"label": ["a", "b"], "text": "a"}', "column `label` must hold text. Received: list"),
    ],
)
def test_jsonl_bad_rows(tmp_path, line, reason):
    good = '{"label": "good", "text": "fine"}\n'
    path = write(tmp_path, "data.jsonl", good + line + "\n" + good)
    with pytest.raises(UserError, match=f"data.jsonl, line 2: {reason}"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert examples.texts == ["fine", "fine"]
    assert [(row.line, row.raw) for row in examples.skipped] == [(2, line)]


def test_jsonl_numbers_and_truth_values_are_class_names(tmp_path):
    lines = [{"text": "a", "label": label} for label in (0, 1, True, "x")]
    path = write(tmp_path, "data.jsonl", "\n".join(map(json.dumps, lines)))
    assert read_examples(path).labels == ["0", "1", "true", "x"]


def test_jsonl_numbers_with_a_fraction_are_scores(tmp_path):
    path = write(tmp_path, "data.jsonl", '{"text": "a", "label": 3.25}\n{"text": "b", "label": 4}')
    assert read_examples(path).labels == [3.25, 4.0]


def test_fasttext_needs_one_label(tmp_path):
    path = write(tmp_path, "data.txt", "__label__a __label__b both\nnone\n__label__c\tone\n")
    with pytest.raises(UserError, match="line 1: expected one `__label__NAME` .* found 2"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert (examples.labels, examples.texts) == (["c"], ["one"])
    assert [row.line for row in examples.skipped] == [1, 2]


def test_fasttext_without_labels_is_one_text_a_line(tmp_path):
    path = write(tmp_path, "data.txt", "__label__a __label__b both\n\n none \n")
    examples = read_examples(path, with_labels=False)
    assert examples.texts == ["both", "", " none "]
    assert examples.labels is None
