"""Tests of what bits cost by layer, and of mixing them."""

import pytest

from eelbert_tf.compression.sensitivity import LayerBits, table
from eelbert_tf.data.examples import Examples
from eelbert_tf.errors import UserError
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.quantization import quantize_weights
from eelbert_tf.runtimes.keras_runtime import keras_predictor
from tests import toy
from tests.compression.wide import wide_classifier

ENCODER = "transformer_layer_0/"
ATTENTION = f"{ENCODER}self_attention_layer/"


@pytest.fixture(scope="module")
def task():
    return wide_classifier()


@pytest.fixture(scope="module")
def bits(task):
    """Measured on the model's own answers, so that it is right in all of them."""
    texts = [*toy.TEXTS, *toy.ODD_TEXTS]
    labels = keras_predictor(task, False).predict(texts)
    return LayerBits(task, False, Examples(texts, None, labels, "own answers"))


@pytest.fixture(scope="module")
def report(bits):
    return bits.report()


def test_a_line_a_layer(report):
    numbers = {row["layer"]: row["numbers"] for row in report}
    assert numbers == {
        "embeddings_add": 42 * 32,
        **{f"{ATTENTION}{name}": 1024 for name in ("key", "query", "value", "attention_output")},
        f"{ENCODER}feedforward_intermediate_dense": 2048,
        f"{ENCODER}feedforward_output_dense": 2048,
        "head/pooled_dense": 2048,
    }
    for row in report:
        assert row["int4"]["bytes"] >= row["int8"]["bytes"] > 0
        assert row["int4"]["difference"] >= row["int8"]["difference"] > 0
        for mode in ("int8", "int4"):
            assert row[mode]["accuracy_loss"] == pytest.approx(row[mode]["changed_labels"])
    lines = table(report).splitlines()
    assert len(lines) == 1 + len(report)
    assert [line.split()[0] for line in lines[1:]] == list(numbers)


def test_mixing_follows_the_tolerance(bits, report):
    most, least = bits.mixed(1.0, report), bits.mixed(-1.0, report)
    assert set(least) == {"int8"}
    places = [row["layer"] for row, mode in zip(report, most) if mode == "int4"]
    assert 0 < len(places) < len(report)
    assert "head/pooled_dense" not in places  # it runs once a text, so int8 is its int4
    assert most.count("int4") >= bits.mixed(0.0, report).count("int4")
    sizes = []
    for modes in ("int8", most, "int4"):
        graph = Graph(bits.model)
        quantize_weights(graph, modes)
        sizes.append(len(graph.to_bytes()))
    assert sizes[0] > sizes[1] >= sizes[2]


def test_what_cannot_be_compared(task, scorer):
    scores = Examples(["a"], None, [0.5], "scores.tsv")
    with pytest.raises(UserError, match="a classifier that gives one label a text"):
        LayerBits(scorer, False, scores)
    unseen = Examples(["a"], None, ["ugly"], "other.tsv")
    with pytest.raises(UserError, match="other.tsv: ugly"):
        LayerBits(task, False, unseen)
