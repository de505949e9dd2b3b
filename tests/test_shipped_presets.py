"""Shipped models: each folder is whole and true to its card, and its name is enough."""

import importlib
import json
import zipfile

import numpy as np
import pytest

import eelbert_tf
from eelbert_tf import preset_names, shipped_presets
from eelbert_tf.errors import UserError
from eelbert_tf.glue.preset_model import PresetModel
from eelbert_tf.runtimes.load import load_predictor
from tests import toy
from tests.cli.command import refused, succeeded
from tests.source_tree import ROOT, benchmark_script

TOY = "toy_classifier"
TEXTS = ["a truly fine film", "an awful dinner and a worse play", "wake me up at six", ""]
FACTS = {
    "data": {"toy": {"name": "Toy rows", "use": "rows to train on", "licence": "CC0"}},
    "models": {
        TOY: {
            "description": "What somebody thinks of a film, learnt from two dozen rows",
            "data": ["toy"],
            "procedure": ["eelbert train toy.tsv --out toy"],
            "seed": 0,
            "evaluated_on": {"name": "Toy rows", "type": "toy", "split": "train"},
            "licence": {"id": "cc0-1.0", "text": "CC0."},
            "limits": ["It knows six nouns."],
            "bias": ["It prefers films that are fine."],
            "results": [
                {"data": "Toy", "split": "train", "metric": "F1", "value": "1 ± 0", "seeds": 3}
            ],
        }
    },
}


@pytest.fixture(scope="module")
def ship():
    with benchmark_script("ship") as script:
        yield script


@pytest.fixture(scope="module")
def toy_shipped(ship, model_directory, tmp_path_factory):
    """A folder of one shipped model, as `benchmarks/ship.py` makes it."""
    folder = tmp_path_factory.mktemp("saved_models")
    rows = [f"{label}\t{text}\n" for text, label in zip(toy.TEXTS, toy.LABELS)]
    (folder / "dev.tsv").write_text("".join(["label\ttext\n", *rows]))
    (folder / "facts.json").write_text(json.dumps(FACTS))
    data = ["--data", f"{folder / 'dev.tsv'}", "--facts", f"{folder / 'facts.json'}"]
    line = ["--pretrained", f"{model_directory}", "--name", TOY, "--out", f"{folder}", *data]
    ship.main([*line, "--labels", "negative", "positive", "--mantissa-bits", "10"])
    return folder


@pytest.fixture
def only_toy(toy_shipped, monkeypatch):
    """As if the toy model were the only one that ships."""
    monkeypatch.setattr(shipped_presets, "shipped_directory", lambda: toy_shipped)
    return toy_shipped / TOY


@pytest.fixture(params=[*shipped_presets.shipped_names(), TOY])
def folder(request, toy_shipped):
    return (toy_shipped if request.param == TOY else ROOT / "saved_models") / request.param


@pytest.fixture
def metrics(folder):
    return json.loads((folder / "metrics.json").read_text(encoding="utf-8"))


def test_all_files_are_there_as_big_as_it_is_told(folder, metrics):
    encoder = metrics["task"] == "EelbertTextEmbedder"
    names = {"preset", "model_int8.tflite", *(["model.tflite"] if encoder else [])}
    assert names <= set(metrics["bytes"]) <= {*names, "model.tflite", "saved_model"}
    assert set(metrics["gzip_bytes"]) == set(metrics["bytes"])
    others = {"README.md", "command.json", "metrics.json"}
    labels = {"labels.txt"} if (folder / "labels.txt").exists() else set()
    assert {path.name for path in folder.iterdir()} == {*metrics["bytes"], *others, *labels}
    for name, size in metrics["bytes"].items():
        files = [folder / name, *(folder / name).rglob("*")]
        assert sum(file.stat().st_size for file in files if file.is_file()) == size
    whole = metrics["bytes"].get("model.tflite", metrics["bytes"]["preset"])
    assert metrics["bytes"]["model_int8.tflite"] < whole


def test_card_tells_data_licences_and_scores(folder, metrics, ship):
    card = (folder / "README.md").read_text(encoding="utf-8")
    facts = ship.facts_of(folder.parent / "facts.json", metrics["name"])
    assert metrics["name"] == folder.name
    for source in facts["data"]:
        assert source["name"] in card
        assert source["licence"] in card
    for section in ("Use", "Training data", "Procedure", "Results", "Limits", "Bias", "Licence"):
        assert f"\n## {section}\n" in card
    assert card.startswith("---\nlanguage: en\nlicense: ")
    data, rows = metrics["evaluated_on"], metrics["evaluated_on"]["rows"]
    assert f"{data['name']}, split {data['split']} ({rows:,} rows)" in card
    assert set(metrics["scores"]) == {"keras", "saved_model", "litert", "litert_int8"}
    for scores in metrics["scores"].values():
        assert f" {scores.get('spearman', scores.get('accuracy')):.4f} |" in card
    for size in metrics["bytes"].values():
        assert f"| {size / 1e6:.2f} |" in card
    for file in folder.glob("*.tflite"):
        assert zipfile.ZipFile(file).read("README.md").decode("utf-8") == card


def test_artefacts_answer_alike(folder, metrics, ship):
    predictors = importlib.import_module("ship_scores").predictors_of(folder)
    kept = {"keras", "litert_int8", *(["litert"] if "model.tflite" in metrics["bytes"] else [])}
    assert set(predictors) - {"saved_model"} == kept
    texts = (TEXTS, TEXTS[::-1]) if metrics["pair"] else TEXTS
    answers = {
        name: predictor._run(texts, predictor.output) for name, predictor in predictors.items()
    }
    for name, answer in answers.items():
        tolerance = 0.1 if name == "litert_int8" else 1e-4
        np.testing.assert_allclose(answer, answers["keras"], atol=tolerance)
        assert predictors[name].labels == predictors["keras"].labels


def test_names_of_shipped_models_load(only_toy):
    labels = ["negative", "positive"]
    assert eelbert_tf.EelbertTextClassifier.from_preset(TOY).labels == labels
    assert (
        eelbert_tf.EelbertTextClassifier.from_preset(TOY, max_words=3).preprocessor.max_words == 3
    )
    assert eelbert_tf.EelbertTextClassifier.from_preset(only_toy).labels == labels
    for runtime in ("keras", "saved_model", "litert"):
        assert load_predictor(TOY, runtime).predict("a fine film") == ["positive"]
    assert PresetModel(TOY).fingerprint == PresetModel(only_toy / "preset").fingerprint
    facts = eelbert_tf.list_presets()
    assert set(facts) == {*preset_names.ARCHITECTURES, TOY}
    assert facts[TOY]["pretrained"]
    assert facts[TOY]["description"].startswith("What somebody thinks")
    assert facts[TOY]["bytes"]["preset"] > 0
    assert not facts["eelbert_uno"]["pretrained"]


def test_the_command_line_takes_their_names(only_toy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert succeeded("predict", TOY, "a fine film").out.startswith("positive\t")
    assert '"layer": "head"' in succeeded("info", TOY, "--json").out
    listing = succeeded("info").out
    assert f"{TOY}  What somebody thinks of a film" in listing
    assert "eelbert_uno     2 layers of width 128, random weights\n" in listing
    assert TOY in succeeded("info", "--json").json["presets"]
    refused("predict", "toy", "a", saying=f"Models that come with the package: {TOY}.")


def test_unknown_names_list_those_that_ship(only_toy):
    with pytest.raises(UserError, match=f"pretrained one of {TOY}. Received: preset='toy'"):
        eelbert_tf.EelbertBackbone.from_preset("toy")


def test_weights_can_be_rounded(only_toy, model_directory):
    rounded = eelbert_tf.EelbertTextClassifier.from_preset(only_toy).get_weights()
    exact = eelbert_tf.EelbertTextClassifier.from_preset(model_directory).get_weights()
    for weight, expected in zip(rounded, exact, strict=True):
        assert not np.any(weight.view(np.uint32) & 0x1FFF)
        np.testing.assert_allclose(weight, expected, rtol=2**-11)


def test_facts_are_asked_for(ship, tmp_path):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({**FACTS, "data": {}}))
    with pytest.raises(UserError, match="what a model learnt from. Received: other. Add it."):
        ship.facts_of(file, "other")
    with pytest.raises(UserError, match="must describe its data. Received: toy. Add them."):
        ship.facts_of(file, TOY)
