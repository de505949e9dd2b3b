"""Tests of the files of finished runs."""

import json

import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.glue.run_store import RunStore

MADE_WITH = {"epochs": 4, "grid": ((32, 0.001),)}


def test_a_run_is_found_again(tmp_path):
    store = RunStore(tmp_path)
    assert store.get("sst2/seed-0", MADE_WITH) is None
    store.put("sst2/seed-0", MADE_WITH, {"accuracy": 0.5})
    assert RunStore(tmp_path).get("sst2/seed-0", MADE_WITH) == {"accuracy": 0.5}
    assert store.get("sst2/seed-0", MADE_WITH, weights=True) is None
    assert [path.name for path in (tmp_path / "sst2").iterdir()] == ["seed-0.json"]


def test_weights(tmp_path):
    store = RunStore(tmp_path)
    store.put("sst2/seed-0", MADE_WITH, {}, np.array([1.0, 2.0]))
    assert store.get("sst2/seed-0", MADE_WITH, weights=True) == {}
    assert store.weights("sst2/seed-0").tolist() == [1.0, 2.0]


def test_runs_of_other_settings_are_never_taken(tmp_path):
    store = RunStore(tmp_path)
    store.put("cola/seed-0", MADE_WITH, {})
    for other in ({**MADE_WITH, "epochs": 5}, {**MADE_WITH, "more": 1}):
        with pytest.raises(UserError, match="made with other settings .*or make .*`--overwrite`"):
            store.get("cola/seed-0", other)
        assert RunStore(tmp_path, overwrite=True).get("cola/seed-0", other) is None
    with pytest.raises(UserError, match=r"settings \(epochs: 4, now 5\)"):
        store.get("cola/seed-0", {**MADE_WITH, "epochs": 5})


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"made_with": {}})])
def test_damaged_files(tmp_path, content):
    (tmp_path / "seed-0.json").write_text(content)
    with pytest.raises(UserError, match="seed-0.json is damaged.* Remove it"):
        RunStore(tmp_path).get("seed-0", MADE_WITH)


def test_what_cannot_be_written_leaves_the_old_file(tmp_path):
    store = RunStore(tmp_path)
    store.put("seed-0", MADE_WITH, {"accuracy": 0.5})
    with pytest.raises(ValueError):
        store.put("seed-0", MADE_WITH, {"accuracy": float("nan")})
    assert store.get("seed-0", MADE_WITH) == {"accuracy": 0.5}
