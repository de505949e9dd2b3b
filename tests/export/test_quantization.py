"""Tests of `.tflite` files whose weights are in fewer bits."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from ai_edge_litert.schema_py_generated import BuiltinOperator, TensorType

from eelbert_tf.errors import UserError
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.litert import convert, export_litert
from eelbert_tf.export.row_codes import encode_rows
from eelbert_tf.hashing.code_points import encoder_inputs, to_code_points
from eelbert_tf.hashing.specification import HashConfig
from eelbert_tf.models import EelbertPreprocessor
from eelbert_tf.runtimes.litert_runtime import litert_predictor
from tests import toy

QUANTIZED = ("fp16", "int8", "int4")
TEXTS = [*toy.TEXTS[::5], *toy.ODD_TEXTS]
WORDS = 40


@pytest.fixture(scope="module")
def task():
    """Wide enough that quantization finds something."""
    backbone = toy.backbone(hidden_dim=32, hash_dim=32, intermediate_dim=64, max_sequence_length=64)
    preprocessor = EelbertPreprocessor.from_backbone(backbone, max_words=WORDS)
    task = toy.classifier(backbone=backbone, preprocessor=preprocessor, labels=["a", "b", "c"])
    toy.with_random_weights(task)
    for weight in task.weights:
        weight.assign(weight * 0.5)
    return task


@pytest.fixture(scope="module")
def paths(task, tmp_path_factory):
    folder = tmp_path_factory.mktemp("quantized")
    for quantize in ("none", *QUANTIZED):
        export_litert(task, folder / quantize, quantize=quantize)
    return {quantize: folder / quantize for quantize in ("none", *QUANTIZED)}


def graph_of(path):
    return Graph(path.read_bytes())


def types_of_weights(graph):
    """The types of the matrices that dense layers read."""
    dense = [op for op in graph.operators if graph.kind(op) == BuiltinOperator.FULLY_CONNECTED]
    return [graph.subgraph.tensors[operator.inputs[1]].type for operator in dense]


def stored_shapes(graph, type):
    return {
        graph.shape(index)
        for index, tensor in enumerate(graph.subgraph.tensors)
        if tensor.type == type and graph.model.buffers[tensor.buffer].data is not None
    }


@pytest.mark.parametrize("quantize, tolerance", [("fp16", 2e-3), ("int8", 0.03), ("int4", 0.25)])
def test_answers(task, paths, quantize, tolerance):
    expected = task.activate(toy.outputs(task, tf.constant(TEXTS)))
    predictor = litert_predictor(paths[quantize])
    answers = predictor.predict_proba(TEXTS)
    assert predictor.labels == ["a", "b", "c"]
    assert 0 < np.abs(answers - expected).max() < tolerance
    # As where no delegate is at hand: the builtins themselves read these weights too.
    plain = Interpreter(
        str(paths[quantize]),
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    ).get_signature_runner()
    rows = [plain(code_points=to_code_points([text], 8 * WORDS)) for text in TEXTS]
    rows = np.concatenate([row["probabilities"] for row in rows])
    assert np.abs(rows - expected).max() < tolerance


def test_sizes(paths):
    sizes = [path.stat().st_size for path in paths.values()]
    assert sizes == sorted(sizes, reverse=True)
    floats = graph_of(paths["none"])
    weights = sum(4 * floats.constant(op.inputs[1]).size for op in dense_layers(floats))
    assert sizes[0] - sizes[2] > 0.7 * weights


def dense_layers(graph):
    layers = [op for op in graph.operators if graph.kind(op) == BuiltinOperator.FULLY_CONNECTED]
    return [op for op in layers if graph.constant(op.inputs[1]).size >= 1024]


def test_types_of_weights(paths):
    types = {quantize: types_of_weights(graph_of(path)) for quantize, path in paths.items()}
    assert set(types["none"]) == set(types["fp16"]) == {TensorType.FLOAT32}
    # The last layer is too small, the one before runs once a text.
    assert types["int8"] == [TensorType.INT8] * (len(types["none"]) - 1) + [TensorType.FLOAT32]
    assert types["int4"][-2:] == [TensorType.INT8, TensorType.FLOAT32]
    assert set(types["int4"][:-2]) == {TensorType.INT4}


def test_table_of_positions_holds_what_the_window_needs(paths):
    rows = WORDS + 2
    assert (1, rows, 32) in stored_shapes(graph_of(paths["none"]), TensorType.FLOAT32)
    for quantize, shape, type in (
        ("fp16", (1, rows, 32), TensorType.FLOAT16),
        ("int8", (1, rows, 32), TensorType.INT8),
        ("int4", (1, rows, 16), TensorType.UINT8),
    ):
        graph = graph_of(paths[quantize])
        assert shape in stored_shapes(graph, type)
        assert not [s for s in stored_shapes(graph, TensorType.FLOAT32) if np.prod(s) >= 1024]


@pytest.mark.parametrize("kind", ["ngram", "random"])
def test_word_vectors_keep_every_bit(kind):
    # So wide that the constants of the hash are as large as weights.
    config, words, characters = HashConfig(256, 3, kind), 128, 1024

    def vectors(code_points):
        return {"vectors": encoder_inputs(code_points, None, config, words)["word_vectors"]}

    function = tf.function(vectors).get_concrete_function(
        code_points=tf.TensorSpec([1, characters], tf.int32, name="code_points")
    )
    texts = to_code_points(TEXTS, characters)
    for quantize in ("none", *QUANTIZED):
        run = Interpreter(model_content=convert(function, quantize)).get_signature_runner()
        for row in texts:
            answer = run(code_points=row[None])["vectors"]
            expected = vectors(tf.constant(row[None]))["vectors"].numpy()
            assert answer.view("int32").tolist() == expected.view("int32").tolist()


def lookup(columns, quantize, rows=512, found=(1, 7)):
    """A converted `keras.layers.Embedding`: its values, the graph, and what it finds."""
    layer = keras.layers.Embedding(rows, columns)
    layer.build()
    table = np.random.default_rng(1).normal(0.0, 1.0, (rows, columns)).astype("float32")
    layer.embeddings.assign(table)
    function = tf.function(lambda index: {"rows": layer(index)}).get_concrete_function(
        index=tf.TensorSpec(found, tf.int32, name="index")
    )
    model = convert(function, quantize)
    index = np.random.default_rng(2).integers(0, rows, found).astype("int32")
    answer = Interpreter(model_content=model).get_signature_runner()(index=index)["rows"]
    return table, Graph(model), index, answer


@pytest.mark.parametrize(
    "quantize, columns, type, width, bits",
    [
        ("int8", 12, TensorType.INT8, 12, 8),
        ("int4", 12, TensorType.UINT8, 6, 4),
        ("int4", 13, TensorType.INT8, 13, 8),
    ],
)
def test_lookup_turns_only_what_it_finds_into_floats(quantize, columns, type, width, bits):
    table, graph, index, answer = lookup(columns, quantize)
    assert (512, width) in stored_shapes(graph, type)
    floats = [t for t in graph.subgraph.tensors if t.type == TensorType.FLOAT32]
    assert max(np.prod(tensor.shape) for tensor in floats) == 512  # a scale a row
    codes, scales = encode_rows(table, bits)
    assert (answer == codes[index] * scales[index][..., None]).all()


def test_lookup_of_halves():
    table, graph, index, answer = lookup(12, "fp16")
    assert (512, 12) in stored_shapes(graph, TensorType.FLOAT16)
    assert (answer == table.astype("float16")[index]).all()
    [decode] = [op for op in graph.operators if graph.kind(op) == BuiltinOperator.DEQUANTIZE]
    assert graph.shape(decode.inputs[0]) == (1, 7, 12)


def test_small_tables_stay_floats():
    table, _, index, answer = lookup(12, "int8", rows=50)
    assert (answer == table[index]).all()


def test_wrong_value(task, tmp_path):
    with pytest.raises(UserError, match="one of none, fp16, int8, int4. Received: 'int2'"):
        export_litert(task, tmp_path / "model.tflite", quantize="int2")
    assert list(tmp_path.iterdir()) == []
