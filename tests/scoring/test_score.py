"""Scoring on Beam's runner in this process: every format, bad rows, going on, faults."""

import numpy as np
import pytest

from eelbert_tf.beam.load import import_beam

import_beam()

from eelbert_tf.errors import UserError  # noqa: E402
from eelbert_tf.runtimes.load import load_predictor  # noqa: E402
from eelbert_tf.scoring import chunks  # noqa: E402
from eelbert_tf.scoring.score import Summary, score  # noqa: E402
from tests.scoring.rows import ROWS, read_jsonl, scored, write_jsonl, write_rows  # noqa: E402


@pytest.mark.parametrize("output_format", ["jsonl", "parquet", "tfrecord"])
def test_every_format_gives_what_the_model_predicts(output_format, model_directory, tmp_path, out):
    names = ("a.jsonl.gz", "b.csv", "c.tsv", "d.parquet", "e.tfrecord.gz")
    sources = [write_rows(tmp_path / name, ROWS) for name in names]
    settings = {"output_format": output_format, "all_probabilities": True, "chunk_rows": 8}
    assert score(model_directory, sources, out, **settings) == Summary(5 * len(ROWS), 0, 5)
    predictor = load_predictor(model_directory)
    expected = predictor.predict_proba([row["text"] for row in ROWS])
    for number in range(5):
        rows = _READERS[output_format](f"{out}-0000{number}-of-00005.{output_format}")
        assert [row["id"] for row in rows] == [row["id"] for row in ROWS]
        found = np.array([row["probabilities"] for row in rows])
        np.testing.assert_allclose(found, expected, atol=1e-5)
        assert [row["label"] for row in rows] == [predictor.labels[i] for i in found.argmax(-1)]
        np.testing.assert_array_equal([row["probability"] for row in rows], found.max(-1))


def _read_parquet(path):
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path).to_pylist()


def _read_tfrecord(path):
    from eelbert_tf.scoring.tfrecord import example_features, read_records

    rows = [example_features(record) for record in read_records(path)]
    return [
        {name: values if name == "probabilities" else values[0] for name, values in row.items()}
        | {"id": row["id"][0].decode(), "label": row["label"][0].decode()}
        for row in rows
    ]


_READERS = {"jsonl": read_jsonl, "parquet": _read_parquet, "tfrecord": _read_tfrecord}


def test_lines_of_text_are_named_by_their_place(model_directory, tmp_path, out):
    source = write_rows(tmp_path / "a.txt.xz", [{"text": t} for t in ("a fine film", "", "bad")])
    other = tmp_path / "b.txt"
    other.write_bytes("\ufeffa fine\r\nfilm\n\n\n".encode())
    empty = tmp_path / "c.txt"
    empty.touch()
    assert score(model_directory, [str(tmp_path / "?.txt*")], out) == Summary(5, 0, 3)
    ids = [row["id"] for row in scored(tmp_path / "out")]
    assert ids == [f"{source}:{n}" for n in (1, 2, 3)] + [f"{other}:{n}" for n in (1, 2)]
    assert (tmp_path / "out/part-00002-of-00003.jsonl").read_bytes() == b""


def test_models_of_pairs_of_several_labels_and_of_scores(tmp_path, monkeypatch, request):
    from eelbert_tf.scoring import score as module

    monkeypatch.setattr(module, "model_part", lambda model, runtime: tmp_path)
    for name, pair in (("pair_classifier", True), ("multi_label_classifier", False)):
        folder = request.getfixturevalue("exported")(name)
        monkeypatch.setattr(module, "read_command", lambda model, pair=pair: {"pair": pair})
        source = tmp_path / f"lines_of_{name}.txt"
        source.write_text("one\ttwo\nlonely\nthree\tfour\n" if pair else "one\ntwo\n")
        summary = score(folder, [str(source)], tmp_path / name)
        assert summary == (Summary(2, 1, 1) if pair else Summary(2, 0, 1))
    first, second = scored(tmp_path, "pair_classifier")
    assert first["label"] in ("no", "maybe", "yes") and first["id"].endswith(":1")
    assert second["id"].endswith(":3")
    for row in scored(tmp_path, "multi_label_classifier"):
        likely = [n for n, p in zip(("x", "y", "z"), row["probabilities"]) if p > 0.5]
        assert row["labels"] == likely
    folder = request.getfixturevalue("exported")("embedder")
    with pytest.raises(UserError, match="holds an embedder"):
        score(folder, [str(source)], tmp_path / "embedder")
    folder = request.getfixturevalue("exported")("scorer")
    assert score(folder, [str(source)], tmp_path / "scores").rows == 2
    assert all(isinstance(row["score"], float) for row in scored(tmp_path, "scores"))


def test_chunks_are_bounded_by_the_size_of_texts_too(tmp_path, monkeypatch):
    from eelbert_tf.scoring.plan import Plan, Shard

    monkeypatch.setattr(chunks, "CHUNK_SIZE", 100)
    path = write_jsonl(tmp_path / "rows.jsonl", [{"text": "x" * 60}] * 5)
    plan = Plan("m", False, "o", None, "jsonl", ("text", None, None), False, 1, 1000)
    sizes = [len(chunk.texts) for chunk in chunks.read_chunks(Shard(0, path, 0, 0), plan)]
    assert sizes == [2, 2, 1]
