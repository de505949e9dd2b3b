"""The object form of a `.tflite`: read, change its graph, write it as small as it can be."""

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from eelbert_tf.export.compact import SharingBuilder, compact

_IDENTIFIER = b"TFL3"
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
        for buffer in self.model.buffers:
            if buffer.offset > 1:  # some writers put what buffers hold behind the model
                buffer.data = np.frombuffer(data, "uint8", buffer.size, buffer.offset)
                buffer.offset = buffer.size = 0
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

    def inputs(self):
        """The names of the graph's inputs in its signature, in the order of the graph."""
        (signature,) = self.model.signatureDefs
        names = {entry.tensorIndex: entry.name.decode("utf-8") for entry in signature.inputs}
        return [names[int(index)] for index in self.subgraph.inputs]

    def add_metadata(self, name, data):
        """Put a buffer into the model under a name.

        Args:
            name: str.
            data: bytes.
        """
        buffer, metadata = schema.BufferT(), schema.MetadataT()
        buffer.data = np.frombuffer(data, "uint8")
        self.model.buffers.append(buffer)
        metadata.name, metadata.buffer = name.encode("utf-8"), len(self.model.buffers) - 1
        self.model.metadata = [*(self.model.metadata or []), metadata]

    def to_bytes(self, names=False):
        """The model, without notes and duplicates, and without what nothing uses.

        Args:
            names: bool. Whether tensors inside the graph keep their names, which other tools that
                change models ask for.

        Returns:
            bytes.
        """
        compact(self.model, names)
        builder = SharingBuilder(1024)
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
