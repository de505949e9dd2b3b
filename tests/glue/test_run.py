"""Tests of whole runs: what they write, what they choose by, and how they go on."""

import dataclasses
import json
import shutil

import pytest

from eelbert_tf.errors import UserError
from tests.glue import files
from tests.glue.conftest import RECIPE


def without_speed(value):
    """Results without how long they took."""
    if isinstance(value, dict):
        return {name: without_speed(part) for name, part in value.items() if name != "speed"}
    return [without_speed(part) for part in value] if isinstance(value, list) else value


def test_results(finished):
    out, results = finished
    assert json.loads((out / "glue.json").read_text()) == json.loads(json.dumps(results))
    sst2, stsb = results["tasks"].values()
    assert sst2["rows"] == {
        "train": 43,
        "held_out": 5,
        "grid": 30,
        "dev": 30,
        "test": 12,
    }
    assert [run["learning_rate"] for run in sst2["grid"]] == [1e-3, 1e-2]
    assert [seed["seed"] for seed in sst2["seeds"]] == [0, 1]
    assert (sst2["pooling"], stsb["pooling"]) == ("cls_mean", "aligned_pair")
    assert list(stsb["median"]) == ["pearson", "spearman"]
    for task in (sst2, stsb):
        for metric, median in task["median"].items():
            values = [seed["dev"][metric] for seed in task["seeds"]]
            assert median == pytest.approx(sum(values) / 2)
            assert (task["minimum"][metric], task["maximum"][metric]) == (min(values), max(values))
            low, high = task["interval_95"][metric]
            assert low < high
    assert stsb["majority"] == {"pearson": 0.0, "spearman": 0.0}
    assert 0.5 <= sst2["majority"]["accuracy"] < 0.7
    assert {"tensorflow", "keras"} <= results["versions"].keys()


def test_the_best_of_the_grid_is_taken(finished):
    for task in finished[1]["tasks"].values():
        means = [sum(run["held_out"].values()) for run in task["grid"]]
        best = task["grid"][means.index(max(means))]
        if means[0] != means[1]:
            assert task["chosen"]["learning_rate"] == best["learning_rate"]
        for seed in task["seeds"]:
            assert {name: seed[name] for name in task["chosen"]} == task["chosen"]


def test_the_table(finished):
    out, results = finished
    lines = (out / "glue.md").read_text().splitlines()
    sst2 = results["tasks"]["sst2"]
    assert lines[2].startswith("| SST-2 | accuracy | 43 / 30 |")
    assert f"**{100 * sst2['median']['accuracy']:.1f}**" in lines[2]
    assert [line.split(" | ")[1] for line in lines[3:5]] == ["Pearson", "Spearman"]


def test_prediction_files(finished):
    out, results = finished
    assert {path.name for path in (out / "predictions").iterdir()} == {"SST-2.tsv", "STS-B.tsv"}
    header, *rows = (out / "predictions" / "SST-2.tsv").read_text().splitlines()
    assert header == "index\tprediction"
    assert [row.split("\t")[0] for row in rows] == [str(number) for number in range(12)]
    assert {row.split("\t")[1] for row in rows} <= {"0", "1"}
    _, *scores = (out / "predictions" / "STS-B.tsv").read_text().splitlines()
    assert all(0.0 <= float(row.split("\t")[1]) <= 5.0 for row in scores)
    assert results["tasks"]["sst2"]["prediction_files"] == ["SST-2.tsv"]


def test_an_interrupted_run_ends_as_if_it_had_not_been(run, finished, tmp_path):
    steps = 0

    def interrupt():
        nonlocal steps
        steps += 1
        if steps in (10, 20):
            raise KeyboardInterrupt

    one = dataclasses.replace(RECIPE, seeds=1)
    for recipe in (one, RECIPE):
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, recipe, tasks=["sst2"], after_step=interrupt)
    results = run(tmp_path, tasks=["sst2"])
    assert without_speed(results["tasks"]["sst2"]) == without_speed(finished[1]["tasks"]["sst2"])
    found = (tmp_path / "predictions" / "SST-2.tsv").read_bytes()
    assert found == (finished[0] / "predictions" / "SST-2.tsv").read_bytes()


def test_what_is_done_is_not_done_again(run, finished):
    def stop():
        raise AssertionError

    out, results = finished
    assert run(out, tasks=["sst2", "stsb"], after_step=stop) == results


def test_dev_labels_change_no_choice(run, finished, tmp_path):
    header, *rows = files.sst2_rows(30)
    dev = [header, *((1 - label, text) for label, text in rows)]
    source = tmp_path / "source"
    files.write_task(source, "sst2", train=files.sst2_rows(), dev=dev)
    found = run(tmp_path / "out", source=source)["tasks"]["sst2"]
    expected = finished[1]["tasks"]["sst2"]
    for name in ("grid", "chosen"):
        assert without_speed(found[name]) == without_speed(expected[name])
    for one, other in zip(found["seeds"], expected["seeds"]):
        assert (one["epoch"], one["held_out"]) == (other["epoch"], other["held_out"])
        assert one["dev"]["accuracy"] == pytest.approx(1 - other["dev"]["accuracy"])


def test_other_settings_are_not_mixed(run, finished, tmp_path):
    one = dataclasses.replace(RECIPE, seeds=1)
    shutil.copytree(finished[0], tmp_path, dirs_exist_ok=True)
    other = dataclasses.replace(one, epochs=1)
    with pytest.raises(UserError, match=r"made with other settings \(epochs: 2, now 1\)"):
        run(tmp_path, other, tasks=["sst2"])
    with pytest.raises(UserError, match=r"made with other settings \(model: "):
        run(tmp_path, one, preset="eelbert_uno", tasks=["sst2"])
    results = run(tmp_path, other, tasks=["sst2"], overwrite=True)
    assert results["tasks"]["sst2"]["grid"][0]["epoch"] == 1


def test_two_dev_parts_and_tasks_without_files(run, tmp_path):
    said, source, out = [], tmp_path / "source", tmp_path / "out"
    files.write_task(
        source,
        "mnli",
        train=files.mnli_rows(),
        dev_matched=files.mnli_rows(30),
        dev_mismatched=files.mnli_rows(24),
        test_matched=files.without_labels(files.mnli_rows(6)),
    )
    recipe = dataclasses.replace(RECIPE, seeds=1, epochs=1, learning_rates=(1e-3,))
    results = run(out, recipe, source=source, say=said.append)
    mnli = results["tasks"]["mnli"]
    assert list(mnli["median"]) == ["accuracy_matched", "accuracy_mismatched"]
    assert list(mnli["majority"].values()) == pytest.approx([1 / 3, 1 / 3])
    assert mnli["prediction_files"] == ["MNLI-m.tsv"]
    rows = (out / "predictions" / "MNLI-m.tsv").read_text().splitlines()[1:]
    assert {row.split("\t")[1] for row in rows} <= {"entailment", "neutral", "contradiction"}
    assert "| MNLI | accuracy mismatched | 43 / 24 |" in (out / "glue.md").read_text()
    others = ["cola", "sst2", "mrpc", "stsb", "qqp", "qnli", "rte", "wnli"]
    assert results["tasks_left_out"] == others
    assert said[0].endswith(f"not there: {', '.join(others)}")
    assert said[-1].startswith("mnli/seed-0: held-out accuracy ")
    assert "steps/s" in said[-1]
    assert said[-1].endswith("; 0 min left")
    assert not any((out / "models").glob("*"))
