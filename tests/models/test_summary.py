"""Tests of the table of sizes."""

from eelbert_tf.models import EelbertBackbone, EelbertTextClassifier
from eelbert_tf.models.summary import model_summary, summary_rows
from tests import toy


def test_rows_of_the_smallest_model():
    rows = {row["layer"]: row for row in summary_rows(EelbertBackbone.from_preset("eelbert_uno"))}
    positions = {"parameters": 65_536, "fp32": 262_144, "int8": 65_536, "int4": 32_768}
    assert rows["position_embedding"] == {"layer": "position_embedding", **positions}
    # Gain and offset of 128: vectors stay in fp32.
    norm = {"parameters": 256, "fp32": 1_024, "int8": 1_024, "int4": 1_024}
    assert rows["embeddings_layer_norm"] == {"layer": "embeddings_layer_norm", **norm}
    # Six matrices of 128 x 128, with their biases, and two normalizations.
    layer = {"parameters": 99_584, "fp32": 398_336, "int8": 103_424, "int4": 54_272}
    assert rows["transformer_layer_0"] == {"layer": "transformer_layer_0", **layer}
    assert sum(row["parameters"] for row in rows.values()) == 265_216


def test_a_task_has_the_rows_of_its_backbone_and_its_head():
    task = toy.classifier()
    names = [row["layer"] for row in summary_rows(task)]
    backbone = [row["layer"] for row in summary_rows(task.backbone)]
    assert names == [*backbone, "head"]
    assert sum(row["parameters"] for row in summary_rows(task)) == task.count_params()
    assert all(row["fp32"] == 4 * row["parameters"] for row in summary_rows(task))


def test_the_table():
    task = EelbertTextClassifier.from_preset("eelbert_uno", num_classes=2, pooling="cls")
    lines = model_summary(task).splitlines()
    assert [line.split()[0] for line in lines[-3:-1]] == ["total", "BERT-tiny"]
    # The encoder, a pooler of 128 x 128 as in the paper, and two outputs.
    assert lines[-3].split()[1:3] == ["281,986", "1127.9"]
    assert lines[-2].split()[1:3] == ["4,385,920", "17543.7"]
    assert lines[-1].startswith("6.4% of BERT-tiny's parameters")
