"""What a run tells: Beam's counters, and its progress."""

import threading

from eelbert_tf.beam.load import import_beam, quiet_log

import_beam()

import apache_beam as beam  # noqa: E402
from apache_beam.runners.portability.fn_api_runner import FnApiRunner  # noqa: E402

from eelbert_tf.scoring import progress  # noqa: E402
from eelbert_tf.scoring.pipeline import add_scoring  # noqa: E402
from eelbert_tf.scoring.plan import Plan, Shard  # noqa: E402
from tests.scoring.rows import texts, write_jsonl  # noqa: E402


def plan_for(model, output, shards):
    columns = ("text", None, None)
    return Plan(str(model), False, str(output), None, "jsonl", columns, False, shards, 4)


def test_counters_and_one_model_for_all_files(model_directory, tmp_path):
    rows = [*({"text": text} for text in texts(10)), {"text": 1}]
    shards = [
        Shard(number, write_jsonl(tmp_path / f"{number}.jsonl", rows), 0, 0) for number in range(3)
    ]
    with quiet_log():
        pipeline = beam.Pipeline(runner=FnApiRunner())
        add_scoring(pipeline, shards, plan_for(model_directory, tmp_path / "part", len(shards)))
        metrics = pipeline.run().metrics().query()
    counters = {counter.key.metric.name: counter.committed for counter in metrics["counters"]}
    assert counters["rows_read"] == 33
    assert counters["rows_scored"] == 30
    assert counters["rows_bad"] == 3
    loads = [d for d in metrics["distributions"] if "load_model_latency" in d.key.metric.name]
    assert [load.committed.count for load in loads] == [1]


def test_progress_counts_whole_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS", 0.01)
    plan, told, twice = plan_for("m", tmp_path / "part", 1), [], threading.Event()
    folder = tmp_path / "part.parts" / "00000-9-9"
    folder.mkdir(parents=True)
    (folder / "000000-4-0").touch()  # of the run before

    def report(rows, seconds):
        told.append((rows, seconds))
        if len(told) == 2:
            twice.set()

    with progress.reported_progress(plan, report):
        (folder / "000001-3-1").touch()
        (folder / "000001-3-1.bad").touch()
        (folder / "000002-4-0.0123456789abcdef").touch()
        assert twice.wait(20)
    assert [rows for rows, _ in told[:2]] == [3, 3]
    assert 0 < told[0][1] < told[1][1]
