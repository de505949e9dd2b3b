"""Weights of a `.tflite` in fewer bits. What the hash computes with is no weight and stays."""

import numpy as np
from ai_edge_litert.schema_py_generated import BuiltinOperator, TensorType

from eelbert_tf.export.modes import check_quantization
from eelbert_tf.export.row_codes import encode_rows, pack_halves, pack_int4

# Below this many numbers nothing is won.
SMALLEST = 1024
_ELEMENTWISE = (BuiltinOperator.ADD, BuiltinOperator.SUB, BuiltinOperator.MUL)
# The first version of the builtin with one scale a row and float activations.
_FULLY_CONNECTED_VERSION = 12


def quantize_weights(graph, quantize):
    """Store the weights of a graph in fewer bits, in place.

    Matrices of dense layers become int8 or int4 with one scale an output (`"int4"` keeps int8
    for what runs once a text), which LiteRT multiplies with activations that it quantizes on the
    fly; or float16. Tables, whether looked up by `GATHER` on their first axis or added whole,
    become rows of a scale and numbers of 8 or 4 bits (or float16); only the rows that are looked
    up are ever turned into floats. All else stays float32: weights of fewer than 1024 numbers,
    and what no dense layer and no lookup of a matrix reads, such as the constants of the hash.

    Args:
        graph: `Graph`.
        quantize: one of `modes.QUANTIZATIONS`, or a list of them, one for each operator that
            `weight_operators` names.

    Raises:
        UserError: there is no such quantization.
    """
    places = weight_operators(graph)
    modes = [quantize] * len(places) if isinstance(quantize, str) else quantize
    for mode in {quantize} if isinstance(quantize, str) else {*quantize}:
        check_quantization(mode)
    modes = dict(zip(places, modes, strict=True))
    operators = []
    for place, operator in enumerate(graph.operators):
        mode = modes.get(place, "none")
        if mode == "none":
            operators.append(operator)
        else:
            operators += _QUANTIZED[graph.kind(operator)](graph, operator, mode)
    graph.subgraph.operators = operators


def weight_operators(graph):
    """The places, among a graph's operators, of those that read weights worth fewer bits."""
    return [
        place
        for place, operator in enumerate(graph.operators)
        if graph.kind(operator) in _QUANTIZED and _weights(graph, operator)
    ]


def _weights(graph, operator):
    """The numbers of the inputs of an operator that are weights worth fewer bits."""
    kind = graph.kind(operator)
    if kind in _ELEMENTWISE:
        inputs = range(len(operator.inputs))
    else:
        inputs = (int(kind == BuiltinOperator.FULLY_CONNECTED),)
    found = [(number, graph.constant(operator.inputs[number])) for number in inputs]
    found = [(n, values) for n, values in found if values is not None and values.size >= SMALLEST]
    if kind == BuiltinOperator.GATHER:
        options = operator.builtinOptions
        along_rows = options is None or (options.axis == 0 and options.batchDims == 0)
        return [n for n, values in found if values.ndim == 2 and along_rows]
    if kind in _ELEMENTWISE:
        return [n for n, values in found if values.size != values.shape[-1]]
    return [n for n, _ in found]


def _dense(graph, operator, quantize):
    """A dense layer that reads weights of fewer bits."""
    weights = graph.constant(operator.inputs[1])
    if quantize == "fp16":
        floats = graph.add_tensor(weights.shape)
        operator.inputs[1] = floats
        return [*_decode(graph, weights, None, floats, quantize), operator]
    runs_once = int(np.prod(graph.shape(operator.outputs[0])[:-1])) == 1
    bits = 8 if quantize == "int8" or runs_once or weights.size % 2 else 4
    codes, scales = encode_rows(weights, bits)
    if bits == 8:
        operator.inputs[1] = graph.add_constant(codes, scales=scales)
    else:
        operator.inputs[1] = graph.add_constant(
            pack_int4(codes), weights.shape, TensorType.INT4, scales
        )
    operator.builtinOptions.asymmetricQuantizeInputs = True
    graph.require_version(operator, _FULLY_CONNECTED_VERSION)
    return [operator]


def _lookup(graph, operator, quantize):
    """A lookup in a table of rows, which turns only what it found into floats."""
    table, index = operator.inputs[0], operator.inputs[1]
    return _decode(graph, graph.constant(table), index, operator.outputs[0], quantize)


def _elementwise(graph, operator, quantize):
    """A sum or product with a table, such as that of the positions."""
    result = []
    for number in _weights(graph, operator):
        values = graph.constant(operator.inputs[number])
        floats = graph.add_tensor(values.shape)
        result += _decode(graph, values, None, floats, quantize)
        operator.inputs[number] = floats
    return [*result, operator]


def _decode(graph, values, index, output, quantize):
    """Operators that compute `output` from stored rows, all or those of an index tensor."""
    rows = values.reshape(-1, values.shape[-1])
    operators = []
    shape = values.shape[:-1] if index is None else graph.shape(index)

    def stored(array, type):
        if index is None:
            return graph.add_constant(array.reshape(*shape, -1))
        found = graph.add_tensor((*shape, array.shape[-1]), type)
        inputs = [graph.add_constant(array), index]
        operators.append(graph.operator("GATHER", inputs, found, axis=0, batchDims=0))
        return found

    def computed(name, inputs, columns, **options):
        result = graph.add_tensor((*shape, columns))
        operators.append(graph.operator(name, inputs, result, **options))
        return result

    def to_floats(array, type):
        types = {"inDataType": type, "outDataType": TensorType.FLOAT32}
        return computed("CAST", [stored(array, type)], array.shape[-1], **types)

    if quantize == "fp16":
        halves = stored(rows.astype("float16"), TensorType.FLOAT16)
        operators.append(graph.operator("DEQUANTIZE", [halves], output, version=3))
        return operators
    columns = rows.shape[1]
    bits = 8 if quantize == "int8" or columns % 2 else 4
    codes, scales = encode_rows(rows, bits)
    if bits == 8:
        numbers = to_floats(codes, TensorType.INT8)
    else:
        half = columns // 2
        bytes_ = to_floats(pack_halves(codes), TensorType.UINT8)
        sixteenths = computed("MUL", [bytes_, _scalar(graph, 1 / 16)], half)
        left = computed("FLOOR", [sixteenths], half)
        shifted = computed("MUL", [left, _scalar(graph, 16)], half)
        right = computed("SUB", [bytes_, shifted], half)
        both = computed("CONCATENATION", [left, right], columns, axis=len(shape))
        numbers = computed("SUB", [both, _scalar(graph, 8)], columns)
    inputs = [numbers, stored(scales[:, None], TensorType.FLOAT32)]
    operators.append(graph.operator("MUL", inputs, output))
    return operators


def _scalar(graph, number):
    return graph.add_constant(np.array(number, "float32"), shape=())


_QUANTIZED = {
    BuiltinOperator.FULLY_CONNECTED: _dense,
    BuiltinOperator.GATHER: _lookup,
    **dict.fromkeys(_ELEMENTWISE, _elementwise),
}
