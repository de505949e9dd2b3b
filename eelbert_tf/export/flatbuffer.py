"""The object form of a `.tflite`: read, change its graph, write it as small as it can be."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

_IDENTIFIER = b"TFL3"
# The interpreter reads constants in place, some runtimes by instructions that want this.
_ALIGNMENT = 16
_KEPT_METADATA = (b"min_runtime_version",)
_TYPES = {
    "float32": schema.TensorType.FLOAT32,
    "float16": schema.TensorType.FLOAT16,
    "int32": schema.TensorType.INT32,
    "uint8": schema.TensorType.UINT8,
    "int8": schema.TensorType.INT8,
}


class Graph:
    """The one graph of a model, for changes in place.

    Args:
        data: bytes, a model as the converter writes it.

    Example:

    ```python
    graph = Graph(data)
    weights = graph.constant(graph.operators[0].inputs[1])
    data = graph.to_bytes()
    ```
    """

    def __init__(self, data):
        self.model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0))
        (self.subgraph,) = self.model.subgraphs
        for operator in self.operators:
            operator.inputs = np.array(operator.inputs)  # those read cannot be written

    @property
    def operators(self):
        return self.subgraph.operators

    def kind(self, operator):
        """The `BuiltinOperator` of an operator."""
        return self.model.operatorCodes[operator.opcodeIndex].builtinCode

    def shape(self, tensor):
        return tuple(int(size) for size in self.subgraph.tensors[tensor].shape)

    def constant(self, tensor):
        """The values of a float32 constant; None for everything else."""
        if tensor < 0 or self.subgraph.tensors[tensor].type != schema.TensorType.FLOAT32:
            return None
        data = self.model.buffers[self.subgraph.tensors[tensor].buffer].data
        if data is None or not len(data):
            return None
        return np.frombuffer(data.tobytes(), "float32").reshape(self.shape(tensor))

    def add_constant(self, array, shape=None, type=None, scales=None):
        """Add a constant; returns its index.

        Args:
            array: NumPy array.
            shape, type: those of the tensor, where they are not those of the array.
            scales: float32 `(rows,)`. What a step is worth in each row of quantized weights.
        """
        array = np.ascontiguousarray(array)
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(array.tobytes(), "uint8")
        self.model.buffers.append(buffer)
        shape = array.shape if shape is None else shape
        index = self.add_tensor(shape, _TYPES[array.dtype.name] if type is None else type)
        tensor = self.subgraph.tensors[index]
        tensor.buffer = len(self.model.buffers) - 1
        if scales is not None:
            tensor.quantization = schema.QuantizationParametersT()
            tensor.quantization.scale = scales
            tensor.quantization.zeroPoint = np.zeros(len(scales), "int64")
            tensor.quantization.quantizedDimension = 0
        return index

    def add_tensor(self, shape, type=schema.TensorType.FLOAT32):
        """Add a tensor that an operator computes; returns its index."""
        tensor = schema.TensorT()
        tensor.shape, tensor.type = np.array(shape, "int32"), type
        tensor.buffer, tensor.hasRank = 0, True
        self.subgraph.tensors.append(tensor)
        return len(self.subgraph.tensors) - 1

    def operator(self, name, inputs, output, version=1, **options):
        """An operator, not yet among `operators`.

        Args:
            name: str, as in `BuiltinOperator`.
            inputs: list of tensor indices.
            output: tensor index.
            version: int, the first one of the builtin that can do what is asked.
            **options: fields of the builtin's options.
        """
        operator = schema.OperatorT()
        operator.opcodeIndex = self._code(getattr(schema.BuiltinOperator, name), version)
        operator.inputs = np.array(inputs, "int32")
        operator.outputs = np.array([output], "int32")
        table = f"{name.capitalize()}Options"
        if hasattr(schema.BuiltinOptions, table):
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, table)
            operator.builtinOptions = getattr(schema, f"{table}T")()
            for field, value in options.items():
                setattr(operator.builtinOptions, field, value)
        return operator

    def require_version(self, operator, version):
        """Say which version of its builtin an operator needs at least."""
        code = self.model.operatorCodes[operator.opcodeIndex]
        code.version = max(code.version, version)

    def to_bytes(self, names=False):
        """The model, without notes and duplicates, and without what nothing uses.

        Args:
            names: bool. Whether tensors inside the graph keep their names, which other tools that
                change models ask for.

        Returns:
            bytes.
        """
        _compact(self.model, names)
        builder = _SharingBuilder(1024)
        builder.Finish(self.model.Pack(builder), _IDENTIFIER)
        return bytes(builder.Output())

    def _code(self, builtin, version):
        for index, code in enumerate(self.model.operatorCodes):
            if (code.builtinCode, code.version) == (builtin, version):
                return index
        code = schema.OperatorCodeT()
        code.builtinCode, code.version = builtin, version
        code.deprecatedBuiltinCode = min(builtin, 127)
        self.model.operatorCodes.append(code)
        return len(self.model.operatorCodes) - 1


def _compact(model, names):
    """Drop what is never used, and let equal constants share a buffer."""
    model.description = None
    model.metadata = [item for item in model.metadata or [] if item.name in _KEPT_METADATA]
    buffers, places = [schema.BufferT()], {}

    def moved(index, type):
        data = model.buffers[index].data
        if data is None or not len(data):
            return 0
        key = (type, data.tobytes())
        if key not in places:
            places[key] = len(buffers)
            buffers.append(model.buffers[index])
        return places[key]

    for number, subgraph in enumerate(model.subgraphs):
        signatures = [item for item in model.signatureDefs or [] if item.subgraphIndex == number]
        maps = [entry for item in signatures for entry in (*item.inputs, *item.outputs)]
        _compact_tensors(subgraph, maps, names)
        for tensor in subgraph.tensors:
            tensor.buffer = moved(tensor.buffer, tensor.type)
    for item in model.metadata:
        item.buffer = moved(item.buffer, None)
    model.buffers = buffers


def _compact_tensors(subgraph, maps, names):
    outside = {int(index) for index in (*subgraph.inputs, *subgraph.outputs)}
    used = outside.union(*([*op.inputs, *op.outputs] for op in subgraph.operators)) - {-1}
    places = {-1: -1, **{old: new for new, old in enumerate(sorted(map(int, used)))}}
    for item in (subgraph, *subgraph.operators):
        item.inputs = np.array([places[int(index)] for index in item.inputs], "int32")
        item.outputs = np.array([places[int(index)] for index in item.outputs], "int32")
    for entry in maps:
        entry.tensorIndex = places[entry.tensorIndex]
    for index, tensor in enumerate(subgraph.tensors):
        if not names and index not in outside:
            tensor.name = None
        tensor.shapeSignature = None
        if tensor.quantization is not None and tensor.quantization.scale is None:
            tensor.quantization = None
    subgraph.tensors = [subgraph.tensors[old] for old in sorted(map(int, used))]


class _SharingBuilder(flatbuffers.Builder):
    """Writes equal vectors (shapes, zero points, lists of inputs) once."""

    def __init__(self, size):
        super().__init__(size)
        self._vectors = {}

    def CreateNumpyVector(self, x):
        key = (x.dtype.str, x.tobytes())
        if key not in self._vectors:
            if x.dtype == np.uint8:
                self.Prep(_ALIGNMENT, x.nbytes)
            self._vectors[key] = super().CreateNumpyVector(x)
        return self._vectors[key]
