"""Tests of Parquet files."""

import subprocess
import sys

import pyarrow
import pytest
from pyarrow import parquet

from eelbert_tf.data.read import read_examples
from eelbert_tf.errors import UserError


def write(folder, **columns):
    parquet.write_table(pyarrow.table(columns), folder / "data.parquet")
    return folder / "data.parquet"


def test_texts_and_labels(tmp_path):
    path = write(tmp_path, text=["a\0", "", "\U0001f600\n"], label=[0, 1, 10], other=[1, 2, 3])
    examples = read_examples(path)
    assert (examples.texts, examples.labels) == (["a\0", "", "\U0001f600\n"], ["0", "1", "10"])


@pytest.mark.parametrize(
    "kind", [pyarrow.string(), pyarrow.large_string(), pyarrow.binary(), pyarrow.string_view()]
)
def test_kinds_of_strings(tmp_path, kind):
    texts = pyarrow.array(["käse", "brot"], kind)
    path = write(tmp_path, text=texts, label=pyarrow.array(["a", "b"]).dictionary_encode())
    examples = read_examples(path)
    assert (examples.texts, examples.labels) == (["käse", "brot"], ["a", "b"])


def test_truth_values_are_class_names(tmp_path):
    assert read_examples(write(tmp_path, text=["a", "b"], label=[True, False])).labels == [
        "true",
        "false",
    ]


def test_numbers_with_a_fraction_are_scores(tmp_path):
    assert read_examples(write(tmp_path, text=["a", "b"], label=[2.5, 3.0])).labels == [2.5, 3.0]


def test_bad_rows_are_counted_in_rows(tmp_path):
    path = write(tmp_path, text=["a", None, "c", "d"], score=[1.0, 2.0, None, float("nan")])
    with pytest.raises(UserError, match="data.parquet, row 2: column `text` is empty"):
        read_examples(path)
    examples = read_examples(path, skip_bad_rows=True)
    assert (examples.texts, examples.labels) == (["a"], [1.0])
    assert [row.line for row in examples.skipped] == [2, 3, 4]
    assert examples.skipped[1].raw == '["c", null]'


def test_strings_that_are_not_utf8(tmp_path):
    texts = pyarrow.array([b"a", b"\xff", b"c"]).view(pyarrow.string())
    path = write(tmp_path, text=texts, label=["x", "y", "z"])
    with pytest.raises(UserError, match="row 2: column `text` is not valid Unicode"):
        read_examples(path)
    assert read_examples(path, skip_bad_rows=True).labels == ["x", "z"]


def test_a_text_column_of_numbers(tmp_path):
    with pytest.raises(UserError, match="column `text` must hold text. Received: int"):
        read_examples(write(tmp_path, text=[1], label=["a"]))


def test_a_column_name_with_a_dot(tmp_path):
    path = write(tmp_path, **{"a.b": ["x"], "a": ["y"], "label": ["z"]})
    assert read_examples(path, text_column="a.b").texts == ["x"]


def test_no_rows(tmp_path):
    with pytest.raises(UserError, match="holds no rows"):
        read_examples(write(tmp_path, text=pyarrow.array([], pyarrow.string()), label=[]))


def test_a_file_that_is_not_parquet(tmp_path):
    (tmp_path / "data.parquet").write_text("label\ttext\n")
    with pytest.raises(UserError, match="cannot be read as Parquet"):
        read_examples(tmp_path / "data.parquet")


def test_without_pyarrow(tmp_path):
    path = write(tmp_path, text=["a"], label=["b"])
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from eelbert_tf.data.read import read_examples\n"
        "read_examples(sys.argv[1])"
    )
    command = [sys.executable, "-c", code, str(path)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert "UserError" in result.stderr
    assert "pip install eelbert_tf[parquet]" in result.stderr
