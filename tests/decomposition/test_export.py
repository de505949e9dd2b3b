"""Tests of what follows a decomposition: training, pruning, int8, LiteRT."""

import numpy as np
import pytest
from ai_edge_litert.schema_py_generated import BuiltinOperator

from eelbert_tf.compression.compress import compress
from eelbert_tf.compression.matrices import matrices
from eelbert_tf.decomposition.decompose import decompose
from eelbert_tf.decomposition.factors import EncoderFactors
from eelbert_tf.export.code_points import code_point_function
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.litert import convert, export_litert
from eelbert_tf.export.quantization import weight_operators
from eelbert_tf.export.row_codes import encode_rows
from eelbert_tf.models import EelbertTextClassifier
from eelbert_tf.runtimes.litert_runtime import litert_predictor
from tests import toy
from tests.compression.wide import wide_classifier

FACTORS = {"III": EncoderFactors("III", 32), "IV": EncoderFactors("IV", 32, 3)}
SETTINGS = {"epochs": 1, "batch_size": 12, "learning_rate": 1e-2, "verbose": 0}


def small(protocol):
    """A classifier that is decomposed, and one with plain layers of the same head."""
    task = wide_classifier()
    result = EelbertTextClassifier.from_config(
        {**task.get_config(), "backbone": decompose(task.backbone, FACTORS[protocol])}
    )
    result.head.set_weights(task.head.get_weights())
    return toy.uncompiled(result)


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """By protocol, a task, and the paths of its `.tflite`s by quantization."""
    folder, found = tmp_path_factory.mktemp("exports"), {}
    for protocol in FACTORS:
        task, paths = small(protocol), {}
        for quantize in ("none", "int8"):
            paths[quantize] = folder / f"{protocol}_{quantize}.tflite"
            # It raises where an operation is no builtin.
            export_litert(task, paths[quantize], quantize=quantize)
        found[protocol] = task, paths
    return found


@pytest.mark.parametrize("protocol", FACTORS)
def test_exports_answer_as_keras_does(exports, protocol):
    task, paths = exports[protocol]
    expected = task.activate(toy.outputs(task, toy.ODD_TEXTS))
    for quantize, tolerance in (("none", 1e-4), ("int8", 0.1)):
        answers = litert_predictor(paths[quantize]).predict_proba(toy.ODD_TEXTS)
        np.testing.assert_allclose(answers, expected, atol=tolerance)
    assert task.backbone.hash_config == wide_classifier().backbone.hash_config
    assert paths["int8"].stat().st_size < 0.6 * paths["none"].stat().st_size


def test_a_file_holds_the_bank_and_not_the_squares(exports):
    bank, squares = (exports[name][1]["none"].stat().st_size for name in ("IV", "III"))
    # 3 squares of 32 x 32 in the place of 8, less 8 x 3 shares and what mixes them.
    assert squares - bank > 0.6 * 4 * 5 * 32 * 32


@pytest.mark.parametrize("protocol", FACTORS)
def test_no_slice_has_five_axes(exports, protocol):
    """LiteRT has no fast way to take them: attention took twice as long by them."""
    graph = Graph(exports[protocol][1]["none"].read_bytes())
    slices = [o for o in graph.operators if graph.kind(o) == BuiltinOperator.STRIDED_SLICE]
    axes = [len(graph.subgraph.tensors[o.inputs[0]].shape) for o in slices]
    assert axes and max(axes) < 5


def test_what_is_compressed_is_what_a_tflite_holds(examples):
    paths = [matrix.path for matrix in matrices(small("III"))]
    assert len([path for path in paths if path.endswith("square_kernel")]) == 4
    task = small("IV")
    names = {matrix.path.split("/")[-1] for matrix in matrices(task)}
    assert {"left_kernel", "right_kernel", "bank"} < names
    compress(task, False, examples, "prune", {"sparsity": 0.5, "schedule": "constant"}, **SETTINGS)
    for matrix in matrices(task):
        share = (np.asarray(matrix.variable) == 0).mean()
        assert 0.45 < share < 0.55 or "position" in matrix.path, matrix.path
    compress(task, False, examples, "qat", {"bits": 8}, **SETTINGS)
    graph = Graph(convert(code_point_function(task, False, 40, 200)))
    distinct = {}
    for place in weight_operators(graph):
        for index in graph.operators[place].inputs:
            values = graph.constant(index)
            if values is not None and values.size >= 1024:
                rows = values.reshape(-1, values.shape[-1])
                codes, scales = encode_rows(rows, 8)
                assert np.allclose(codes * scales[:, None], rows, rtol=1e-5, atol=1e-7)
                distinct[rows.tobytes()] = rows.shape
    assert len(distinct) == len(matrices(task))
