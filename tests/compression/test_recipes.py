"""Tests of ai-edge-quantizer's recipes, and that the hash keeps every bit in each of them."""

import sys

import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from ai_edge_litert.schema_py_generated import BuiltinOperator, TensorMapT, TensorType

from eelbert_tf.compression.recipes import apply_recipe
from eelbert_tf.errors import UserError
from eelbert_tf.export.code_points import code_point_function
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.litert import convert, export_litert
from eelbert_tf.export.modes import QUANTIZATIONS, RECIPES
from eelbert_tf.export.quantization import quantize_weights
from eelbert_tf.hashing.code_points import encoder_inputs, to_code_points
from eelbert_tf.runtimes.litert_runtime import litert_predictor
from tests import toy
from tests.compression.wide import wide_classifier

TEXTS = [*toy.TEXTS[::5], *toy.ODD_TEXTS]
DYNAMIC, FULL, BLOCKWISE = RECIPES


@pytest.fixture(scope="module")
def task():
    return wide_classifier()


@pytest.fixture(scope="module")
def models(task):
    """The model in every quantization there is."""
    length = task.preprocessor.max_characters
    function = code_point_function(task, False, task.preprocessor.max_words, length)
    floats = convert(function)
    recipes = {name: apply_recipe(floats, name, task.name, TEXTS, length) for name in RECIPES}
    return {**{name: quantized(floats, name) for name in QUANTIZATIONS}, **recipes}


def quantized(floats, name):
    graph = Graph(floats)
    quantize_weights(graph, name)
    return graph.to_bytes()


def word_vectors_of(graph, task):
    """The tensor of the word vectors: what is gathered from vectors that are computed."""
    shape = (1, task.preprocessor.max_words + 2, task.backbone.hash_config.dim)
    [tensor] = [
        int(op.outputs[0])
        for op in graph.operators
        if graph.kind(op) == BuiltinOperator.GATHER
        and graph.shape(op.outputs[0]) == shape
        and graph.model.buffers[graph.subgraph.tensors[op.inputs[0]].buffer].data is None
    ]
    return tensor


def with_word_vectors(model, task):
    """A model that returns its word vectors too."""
    graph = Graph(model)
    [signature] = graph.model.signatureDefs
    entry = TensorMapT()
    entry.name, entry.tensorIndex = "word_vectors", word_vectors_of(graph, task)
    signature.outputs = [*signature.outputs, entry]
    graph.subgraph.outputs = np.append(graph.subgraph.outputs, entry.tensorIndex)
    return graph.to_bytes()


def answers(model, name, length):
    run = Interpreter(model_content=model).get_signature_runner()
    rows = to_code_points(TEXTS, length)
    return np.concatenate([run(code_points=row[None])[name].copy() for row in rows])


@pytest.mark.parametrize("name", [*QUANTIZATIONS, *RECIPES])
def test_word_vectors_keep_every_bit(name, task, models):
    length = task.preprocessor.max_characters
    config, words = task.preprocessor.hash_config, task.preprocessor.max_words
    expected = encoder_inputs(to_code_points(TEXTS, length), None, config, words)["word_vectors"]
    vectors = answers(with_word_vectors(models[name], task), "word_vectors", length)
    assert (vectors.view("int32") == expected.numpy().view("int32")).all()


@pytest.mark.parametrize("name", [*QUANTIZATIONS, *RECIPES])
def test_hash_computes_in_integers_and_floats_of_32_bits(name, task, models):
    """All that the word vectors are made of, by the types in the file."""
    graph = Graph(models[name])
    makers = {int(out): op for op in graph.operators for out in op.outputs}
    todo, types, seen = [word_vectors_of(graph, task)], set(), set()
    while todo:
        tensor = int(todo.pop())
        if tensor >= 0 and tensor not in seen:
            seen.add(tensor)
            types.add(graph.subgraph.tensors[tensor].type)
            if tensor in makers:
                todo += list(makers[tensor].inputs)
    assert len(seen) > 50
    assert types <= {TensorType.INT32, TensorType.FLOAT32, TensorType.BOOL, TensorType.UINT8}
    assert {TensorType.INT32, TensorType.FLOAT32} <= types


@pytest.mark.parametrize("name, tolerance", [(DYNAMIC, 0.05), (FULL, 0.15), (BLOCKWISE, 0.25)])
def test_answers_of_recipes(name, tolerance, task, models):
    length = task.preprocessor.max_characters
    floats = answers(models["none"], "probabilities", length)
    assert 0 < np.abs(answers(models[name], "probabilities", length) - floats).max() < tolerance


def test_types_of_weights_and_activations(models):
    def types(name):
        return [tensor.type for tensor in Graph(models[name]).subgraph.tensors]

    assert types(DYNAMIC).count(TensorType.INT8) == 8
    assert types(BLOCKWISE).count(TensorType.INT4) == 8
    assert types(FULL).count(TensorType.INT8) > 60
    assert len(models[BLOCKWISE]) < len(models[DYNAMIC]) < len(models["none"])


def test_export(task, tmp_path):
    path = tmp_path / "model.tflite"
    export_litert(task, path, quantize=FULL, calibration=TEXTS, card="a card")
    predictor = litert_predictor(path)
    assert predictor.labels == ["bad", "good"]
    expected = task.activate(toy.outputs(task, tf.constant(TEXTS)))
    assert np.abs(predictor.predict_proba(TEXTS) - expected).max() < 0.15
    with pytest.raises(UserError, match="`static_wi8_ai8` takes the ranges.*Received: none"):
        apply_recipe(path.read_bytes(), FULL, task.name)


def test_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ai_edge_quantizer", None)
    with pytest.raises(UserError, match=r"pip install 'eelbert_tf\[quantizer\]'"):
        apply_recipe(b"", DYNAMIC, "task")
