"""Tests of `eelbert export`."""

import zipfile

import pytest

from eelbert_tf.runtimes.litert_runtime import litert_predictor
from eelbert_tf.runtimes.onnx_runtime import onnx_predictor
from eelbert_tf.runtimes.saved_model_runtime import saved_model_predictor
from tests.cli.command import eelbert, refused, succeeded

LOADERS = {
    "saved_model": saved_model_predictor,
    "litert": litert_predictor,
    "mediapipe": litert_predictor,
    "onnx": onnx_predictor,
}
# Any two of a kind, a directory and a file.
FORMATS = ("saved_model", "litert")


@pytest.mark.parametrize(
    "kind, form",
    [("classes", "litert"), ("pairs", "saved_model"), ("classes", "mediapipe"), ("pairs", "onnx")],
)
def test_export_is_scored_beside_the_model(kind, form, request, tmp_path):
    trained = request.getfixturevalue(kind)
    out = tmp_path / "new" / "export"
    path = out / "1" if form == "saved_model" else out
    line = ["export", trained.directory, "--format", form, "--out", out]
    line += ["--quantize", "none"] if form in ("litert", "mediapipe") else []
    report = succeeded(*line, "--data", trained.data, "--json").json
    assert report["path"] == str(path)
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    assert report["bytes"] == sum(file.stat().st_size for file in files)
    assert report["accuracy"] == report["keras_accuracy"]
    assert report["label_agreement"] == 1.0
    assert report["largest_difference"] < 1e-5
    assert report["count"] == 24
    assert 0 < report["gzip_bytes"] < report["bytes"]
    assert 0 < report["latency_p50_ms"] <= report["latency_p99_ms"]
    assert 0 < report["peak_memory_bytes"] < 2**28
    assert LOADERS[form](path).labels == trained.lines_of("labels.txt")
    assert list(path.parent.iterdir()) == [path]


def test_scores_are_compared_too(scores, tmp_path):
    data = tmp_path / "scores.tsv"
    data.write_text("sentence\tscore\na fine film\t1\nan awful film\t0\n")
    line = ("export", scores.directory, "--format", "litert", "--out", tmp_path / "a.tflite")
    line += ("--quantize", "none")
    out = succeeded(*line, "--data", data).out
    report = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert {"path", "bytes", "pearson", "spearman", "keras_spearman"} <= set(report)
    assert float(report["largest_difference"]) < 1e-5


def test_smaller_window(classes, tmp_path):
    path = tmp_path / "small.tflite"
    line = ("export", classes.directory, "--format", "litert", "--out", path, "--max-words", 2)
    assert succeeded(*line).out.splitlines()[0].split() == ["path", str(path)]
    answers = litert_predictor(path).predict_proba(["a fine film", "a fine dinner"])
    assert (answers[0] == answers[1]).all()
    refused(
        *("export", classes.directory, "--format", "litert", "--out", tmp_path / "x"),
        *("--max-words", 13),
        saying="`max_words` must be between 1 and 12",
        folder=tmp_path,
    )
    refused(
        *("export", classes.directory, "--format", "saved_model", "--out", tmp_path / "x"),
        *("--max-words", 2),
        saying="`--max-words` is for the other formats",
        folder=tmp_path,
    )


def test_weights_in_fewer_bits(classes, tmp_path):
    path = tmp_path / "small.tflite"
    line = ("export", classes.directory, "--format", "litert", "--out", path)
    report = succeeded(*line, "--data", classes.data, "--json").json
    assert report["accuracy"] == report["keras_accuracy"]
    assert report["label_agreement"] == 1.0
    assert report["bytes"] < (classes.directory / "model.tflite").stat().st_size
    with zipfile.ZipFile(path) as archive:
        card = archive.read("README.md").decode("utf-8")
    default = path.read_bytes()
    succeeded(*line, "--overwrite", "--quantize", "int8")
    assert path.read_bytes() == default
    assert card.splitlines() == classes.lines_of("README.md")
    refused(
        *("export", classes.directory, "--format", "saved_model", "--out", tmp_path / "x"),
        *("--quantize", "int4"),
        saying="`--quantize` is for `--format litert` and `--format mediapipe`",
        folder=tmp_path,
    )
    assert "invalid choice: 'int2'" in eelbert(*line, "--quantize", "int2").err


def test_pairs_are_not_for_mediapipe(pairs, tmp_path):
    line = ("export", pairs.directory, "--format", "mediapipe", "--out", tmp_path / "a.tflite")
    refused(*line, saying="its TextClassifier takes one text", folder=tmp_path)


@pytest.mark.parametrize("form", FORMATS)
def test_what_exists_is_replaced_on_demand_only(form, classes, tmp_path):
    path = tmp_path / "3"
    if form == "litert":
        path.write_text("old")
        where = ("--out", path)
    else:
        path.mkdir()
        (path / "saved_model.pb").write_text("old")
        where = ("--out", tmp_path, "--version", 3)
    line = ("export", classes.directory, "--format", form, *where)
    refused(*line, saying=f"{path} exists already", folder=tmp_path)
    succeeded(*line, "--overwrite")
    assert LOADERS[form](path).labels == ["bad", "good"]
    assert list(tmp_path.iterdir()) == [path]


def test_versions_of_a_saved_model(classes, tmp_path):
    (tmp_path / "notes").mkdir()
    line = ("export", classes.directory, "--format", "saved_model", "--out", tmp_path)
    assert succeeded(*line, "--version", 9, "--json").json["path"] == str(tmp_path / "9")
    assert succeeded(*line, "--json").json["path"] == str(tmp_path / "10")
    assert {child.name for child in tmp_path.iterdir()} == {"notes", "9", "10"}
    refused(*line, "--version", 0, saying="`version` must be at least 1", folder=tmp_path)
    line = ("export", classes.directory, "--format", "litert", "--out", tmp_path / "x")
    refused(*line, "--version", 1, saying="`--version` is for `--format saved_model`")


def test_only_its_like_is_replaced(classes, tmp_path):
    (tmp_path / "precious/1").mkdir(parents=True)
    (tmp_path / "precious/1/notes.txt").write_text("mine")
    (tmp_path / "1").write_text("mine")
    for form, saying, *where in (
        ("litert", "holds other things than a model", tmp_path / "precious"),
        ("saved_model", "other things than a model", tmp_path / "precious", "--version", 1),
        ("saved_model", "must be a directory", tmp_path, "--version", 1),
        ("litert", "must be a file", classes.directory),
    ):
        refused(
            *("export", classes.directory, "--format", form, "--overwrite", "--out", *where),
            saying=saying,
            folder=tmp_path,
        )
    assert (classes.directory / "model.tflite").is_file()


def test_data_that_do_not_fit_are_found_before_anything_is_written(classes, tmp_path):
    data = tmp_path / "data.tsv"
    data.write_text("label\ttext\nsplendid\tfine\n")
    line = ("export", classes.directory, "--format", "litert", "--out", tmp_path / "a.tflite")
    refused(*line, "--data", data, saying="splendid", folder=tmp_path)


def test_path_below_a_file(classes, tmp_path):
    (tmp_path / "file").write_text("")
    for form in FORMATS:
        out = tmp_path / "file/model"
        line = ("export", classes.directory, "--format", form, "--out", out)
        refused(*line, saying=f"{tmp_path}/file is not a directory", folder=tmp_path)


def test_format_must_be_named(classes, tmp_path):
    assert eelbert("export", classes.directory, "--out", tmp_path / "x").status == 2
    line = ("export", classes.directory, "--out", tmp_path / "x", "--format", "tfjs")
    assert "invalid choice: 'tfjs'" in eelbert(*line).err
