"""Tests of the plot of models over their bytes."""

import sys

import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.glue.plot import model_points, plot_accuracy_against_bytes


def result(parameters, tasks, int8=None):
    part = {"parameters": parameters, "litert_int8": int8}
    return {"tasks": {name: {**part, "median": {"accuracy": s}} for name, s in tasks.items()}}


RESULTS = {
    "small": result(1000, {"sst2": 0.8, "rte": 0.6}, {"metrics": {"accuracy": 0.5}, "bytes": 900}),
    "large": result(4000, {"rte": 0.7, "sst2": 0.9, "cola": 0.1}),
}


def test_where_models_stand():
    points = model_points(RESULTS)
    assert points["small"] == pytest.approx(
        {"bytes": 4000, "score": 70.0, "int8_bytes": 900, "int8_score": 50.0}
    )
    assert points["large"] == pytest.approx({"bytes": 16000, "score": 80.0})


def test_a_picture(tmp_path):
    plot_accuracy_against_bytes(RESULTS, tmp_path / "glue.png")
    assert (tmp_path / "glue.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_in_common(tmp_path):
    for results in ({}, {**RESULTS, "other": result(1, {"wnli": 0.5})}):
        with pytest.raises(UserError, match="needs a task that all results have"):
            plot_accuracy_against_bytes(results, tmp_path / "glue.png")


def test_without_matplotlib(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(UserError, match=r"Install it: pip install eelbert_tf\[plot\]"):
        plot_accuracy_against_bytes(RESULTS, tmp_path / "glue.png")
