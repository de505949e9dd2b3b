"""Tests of `eelbert info`."""

import pytest

from eelbert_tf.preset_names import ARCHITECTURES
from tests.cli.command import refused, succeeded


def test_preset_by_name():
    report = succeeded("info", "eelbert_uno", "--json").json
    assert list(report) == ["layers", "parameters"]
    assert sum(layer["parameters"] for layer in report["layers"]) == report["parameters"]
    assert {"layer", "parameters", "fp32", "int8", "int4"} == set(report["layers"][0])
    table = succeeded("info", "eelbert_uno").out
    assert f"{report['parameters']:,}" in table
    assert "BERT-tiny" in table


def test_preset_directory_and_model_directory(classes, pretrained):
    backbone = succeeded("info", pretrained, "--json").json
    model = succeeded("info", classes.directory, "--json").json
    names = [layer["layer"] for layer in model["layers"]]
    assert names[-1] == "head"
    assert names[:-1] == [layer["layer"] for layer in backbone["layers"]]
    assert model["parameters"] > backbone["parameters"]


@pytest.mark.parametrize("command", ["info", "train"])
def test_unknown_preset_lists_the_valid_names(command, class_file, tmp_path):
    line = {
        "info": ("info", "eelbert_dos"),
        "train": ("train", class_file, "--preset", "eelbert_dos", "--out", tmp_path / "model"),
    }[command]
    names = ", ".join(sorted(ARCHITECTURES))
    refused(*line, saying=f"must be one of {names}, or a directory", folder=tmp_path)


@pytest.mark.parametrize("name", ["", "x" * 300, "no/such", "\udcff"])
def test_names_that_are_none(name):
    refused("info", name, saying="")
