"""Tests of the object form of `.tflite` files."""

import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.litert import convert

X = np.arange(64, dtype="float32").reshape(4, 16)


@pytest.fixture(scope="module")
def model():
    """Reads one table twice."""
    table = X[::-1].copy()

    def function(x):
        return {"y": tf.sqrt(x + tf.constant(table)) - tf.constant(table)}

    spec = tf.TensorSpec(X.shape, tf.float32, name="x")
    return convert(tf.function(function).get_concrete_function(x=spec))


def answer(model):
    return Interpreter(model_content=model).get_signature_runner()(x=X)["y"]


def test_names_are_dropped_or_kept(model):
    named = [tensor.name for tensor in Graph(model).subgraph.tensors]
    assert all(named)
    graph = Graph(model)
    bare = graph.to_bytes()
    outside = {*graph.subgraph.inputs, *graph.subgraph.outputs}
    for index, tensor in enumerate(Graph(bare).subgraph.tensors):
        assert bool(tensor.name) == (index in outside)
    assert len(bare) < len(model)
    np.testing.assert_array_equal(answer(bare), answer(model))


def test_equal_constants_are_stored_once_and_unused_ones_not(model):
    graph = Graph(model)
    copies = [graph.add_constant(X[::-1]) for _ in range(2)]
    graph.add_constant(np.ones((100, 100), "float32"))
    graph.operators[0].inputs[1], graph.operators[-1].inputs[1] = copies
    data = graph.to_bytes()
    assert len(data) < 1.2 * len(Graph(model).to_bytes())
    np.testing.assert_array_equal(answer(data), answer(model))


def test_constants_are_aligned(model):
    model = Graph(model).to_bytes()
    root = schema.Model.GetRootAs(model, 0)
    for index in range(root.BuffersLength()):
        data = root.Buffers(index).DataAsNumpy()
        if not isinstance(data, int):
            assert (data.ctypes.data - np.frombuffer(model, "uint8").ctypes.data) % 16 == 0


def test_constant_is_none_where_there_is_none(model):
    graph = Graph(model)
    assert graph.constant(-1) is None
    assert graph.constant(graph.subgraph.inputs[0]) is None
    assert graph.constant(graph.add_constant(np.zeros(3, "int32"))) is None
    np.testing.assert_array_equal(graph.constant(graph.operators[0].inputs[1]), X[::-1])
