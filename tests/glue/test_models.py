"""Tests of the models that run over GLUE: BERT's, those kept, and encoders that learn before."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from eelbert_tf.data.examples import Examples
from eelbert_tf.errors import UserError
from eelbert_tf.glue.engine import Engine
from eelbert_tf.glue.intermediate import parse_intermediate, read_intermediate
from eelbert_tf.glue.preset_model import PresetModel
from eelbert_tf.glue.source import read_tasks
from eelbert_tf.glue.tasks import TASKS
from eelbert_tf.runtimes.litert_runtime import litert_predictor
from tests import toy
from tests.glue import files
from tests.glue.conftest import RECIPE

ONE = dataclasses.replace(RECIPE, seeds=1, epochs=1, learning_rates=(1e-2,))


@pytest.mark.parametrize("name", ["pretrained", "bert_preset"])
def test_bfloat16_computes_nearly_the_same(name, request):
    preset = request.getfixturevalue(name)
    logits = {}
    for dtype in ("float32", "mixed_bfloat16"):
        model = PresetModel(preset, dtype).classifier(("0", "1"), "mean", max_words=8, seed=0)
        assert model.backbone.dtype_policy.name == dtype
        assert {weight.dtype for weight in model.trainable_variables} == {"float32"}
        logits[dtype] = model.predict(toy.TEXTS, verbose=0)
    assert np.any(logits["float32"] != logits["mixed_bfloat16"])
    np.testing.assert_allclose(logits["float32"], logits["mixed_bfloat16"], atol=0.03)


def test_a_run_in_bfloat16_learns_and_says_so(run, tmp_path):
    recipe = dataclasses.replace(ONE, dtype="mixed_bfloat16", epochs=4)
    results = run(tmp_path / "out", recipe, tasks=["sst2"])
    assert results["recipe"]["dtype"] == "mixed_bfloat16"
    assert results["tasks"]["sst2"]["seeds"][0]["dev"]["accuracy"] > 0.8
    with pytest.raises(UserError, match="other settings"):
        run(tmp_path / "out", dataclasses.replace(recipe, dtype="float32"), tasks=["sst2"])


def test_bad_dtypes(run, tmp_path):
    with pytest.raises(UserError, match="`dtype` must be among float32, mixed_bfloat16.*'int8'"):
        dataclasses.replace(ONE, dtype="int8")
    recipe = dataclasses.replace(ONE, dtype="mixed_bfloat16")
    with pytest.raises(UserError, match="`--keep-models` saves models that compute in float32"):
        run(tmp_path / "out", recipe, tasks=["sst2"], keep_models=True)


def test_bert_packs_as_words_are_packed(bert_preset):
    model = PresetModel(bert_preset).classifier(("0", "1"), "pair", max_words=5, seed=0)
    tokenizer = model.preprocessor.tokenizer
    x = tf.constant(["a fine film", "", "a fine book"]), tf.constant(["the awful trip", "a", ""])
    inputs = model.preprocessor(x)
    expected = [
        "[CLS] a fine film [SEP] the awful [SEP]",
        "[CLS] [SEP] a [SEP] [PAD] [PAD] [PAD] [PAD]",
        "[CLS] a fine book [SEP] [SEP] [PAD] [PAD]",
    ]
    ids = [[tokenizer.token_to_id(token) for token in row.split()] for row in expected]
    assert inputs["token_ids"].numpy().tolist() == ids
    assert inputs["padding_mask"].numpy().sum(axis=1).tolist() == [8, 4, 6]
    segments = [[0] * 5 + [1] * 3, [0, 0, 1, 1, 0, 0, 0, 0], [0] * 5 + [1, 0, 0]]
    assert inputs["segment_ids"].numpy().tolist() == segments
    single = model.preprocessor(tf.constant(["a fine film", ""]))
    assert single["padding_mask"].numpy().sum(axis=1).tolist() == [5, 2]
    assert model(inputs).shape == (3, 2)


def test_bert_runs_with_the_same_head(run, bert_preset, pretrained, tmp_path):
    stsb = run(tmp_path, preset=bert_preset, tasks=["stsb"])["tasks"]["stsb"]
    assert [seed["seed"] for seed in stsb["seeds"]] == [0, 1]
    heads = [
        PresetModel(preset).classifier(("0", "1"), "pair", max_words=8, seed=3).head
        for preset in (bert_preset, pretrained)
    ]
    for first, second in zip(heads[0].weights, heads[1].weights):
        np.testing.assert_array_equal(first, second)
    with pytest.raises(ValueError, match="`max_words` must be at most 21"):
        PresetModel(bert_preset).classifier(("0", "1"), "cls", max_words=22, seed=0)
    with pytest.raises(UserError, match="`--keep-models` saves presets of this package"):
        run(tmp_path, preset=bert_preset, tasks=["sst2"], keep_models=True)


def test_an_architecture_is_drawn_anew_for_each_seed():
    model = PresetModel("eelbert_uno")
    first, second, again = (
        model.classifier(("0", "1"), "cls_mean", 8, seed).trainable_variables for seed in (0, 1, 0)
    )
    first, second, again = (np.array(v[0]) for v in (first, second, again))
    assert np.abs(first - second).max() > 0
    np.testing.assert_array_equal(first, again)


def test_a_preset_keeps_its_encoder_and_draws_the_head(pretrained):
    model = PresetModel(pretrained)
    first, second = (model.classifier(("0", "1"), "cls_mean", 8, seed) for seed in (0, 1))
    assert first.backbone is second.backbone
    kernels = [np.array(c.head.pooled_dense.kernel) for c in (first, second)]
    assert np.abs(kernels[0] - kernels[1]).max() > 0
    with pytest.raises(ValueError, match="`max_words` must be at most 21"):
        model.classifier(("0", "1"), "cls_mean", 22, seed=0)


def test_kept_models(run, glue_source, tmp_path):
    from eelbert_tf.models import EelbertTextClassifier

    sst2 = run(tmp_path, ONE, keep_models=True, tasks=["sst2"])["tasks"]["sst2"]
    data, _ = read_tasks(str(glue_source), ["sst2"])
    dev = data[TASKS["sst2"]].dev[""]
    classifier = EelbertTextClassifier.from_preset(str(tmp_path / "models" / "sst2"))
    right = np.mean(np.array(classifier.predict_labels(dev.texts)) == dev.labels)
    assert right == pytest.approx(sst2["seeds"][0]["dev"]["accuracy"])
    file = tmp_path / "models" / "sst2.int8.tflite"
    right = np.mean(np.array(litert_predictor(file).predict(dev.texts)) == dev.labels)
    assert sst2["litert_int8"] == {
        "metrics": {"accuracy": pytest.approx(right)},
        "bytes": file.stat().st_size,
    }
    assert "| int8 .tflite |" in (tmp_path / "glue.md").read_text()


def test_a_classifier_with_other_weights_leaves_the_encoder_as_it_was(pretrained):
    model, rows = PresetModel(pretrained), Examples(toy.TEXTS, None, None, "toy.tsv")
    parts = {"train": (rows, np.zeros(24, "int32")), "held_out": (rows, np.zeros(24, "int32"))}
    engine = Engine(TASKS["sst2"], parts, model, RECIPE)
    before = engine.layout.read(model.classifier(("0", "1"), "cls_mean", 12, seed=0))
    with engine.classifier_with(np.zeros(engine.layout.total)) as classifier:
        assert not any(np.array(weight).any() for weight in classifier.trainable_variables)
    after = engine.layout.read(model.classifier(("0", "1"), "cls_mean", 12, seed=0))
    np.testing.assert_array_equal(before, after)


def test_an_encoder_learns_before(run, tmp_path):
    header, *rows = files.stsb_rows(60)
    dev = files.rte_rows(20)
    source = tmp_path / "source"
    files.write_task(source, "rte", train=files.rte_rows(), dev=dev)
    files.write_task(source, "before", train=[("relatedness", *header[1:]), *rows])
    before = {"rte": (str(source / "before" / "train.tsv.gz"), "relatedness")}
    said = []
    out = tmp_path / "out"
    found = run(out, ONE, source=source, intermediate=before, say=said.append)["tasks"]["rte"]
    assert list(found["before"]["held_out"]) == ["pearson", "spearman"]
    assert "rows; " in said[1]
    assert "left out, whose texts stand in dev or test of RTE" in said[1]
    # Started again without one of the runs, it goes on from the kept encoder.
    (out / "runs" / "rte" / "seed-0.json").unlink()
    again = run(out, ONE, source=source, intermediate=before)["tasks"]["rte"]
    assert again["seeds"][0]["dev"] == found["seeds"][0]["dev"]
    with pytest.raises(UserError, match=r"other settings \(before: "):
        run(out, ONE, source=source)


def test_rows_before_a_task_share_no_text_with_its_dev(tmp_path):
    files.write_task(tmp_path, "rte", train=files.rte_rows(), dev=files.rte_rows(20))
    data, _ = read_tasks(str(tmp_path), ["rte"])
    rte = TASKS["rte"]
    seen = data[rte].dev[""].text_pairs[0]
    rows = [("label", "sentence1", "sentence2"), ("x", "new", f"{seen.upper()} !"), ("y", "a", "b")]
    files.write_task(tmp_path, "before", train=rows)
    path = str(tmp_path / "before" / "train.tsv.gz")
    found = read_intermediate(path, "label", rte, data[rte])
    assert (found.left_out, found.data.train.texts, found.task.labels) == (1, ["a"], ("y",))
    with pytest.raises(UserError, match="before SST-2 must hold single texts. Received: pairs"):
        read_intermediate(path, "label", TASKS["sst2"], data[rte])


@pytest.mark.parametrize(
    "values", [["rte"], ["rte=a.tsv"], ["sst3=a.tsv:label"], ["rte=a:b", "rte=a:b"], ["rte=:label"]]
)
def test_what_is_no_intermediate(values):
    with pytest.raises(UserError, match="must be TASK=FILE:COLUMN, once for a task"):
        parse_intermediate(values)
    assert parse_intermediate(["rte=c:/a:label"]) == {"rte": ("c:/a", "label")}


def test_texts_are_told_apart_from_models(tmp_path):
    with pytest.raises(UserError, match="`preset` must be one of eelbert_base"):
        PresetModel(tmp_path / "none")
    assert RECIPE.max_words == toy.MAX_WORDS
