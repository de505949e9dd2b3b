"""Makes a `.tflite` small without changing what it computes."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

# The interpreter reads constants in place, some runtimes by instructions that want this.
_ALIGNMENT = 16
# The second is what MediaPipe reads.
_BLOCKWISE = schema.QuantizationDetails.BlockwiseQuantization
_KEPT_METADATA = (b"min_runtime_version", b"TFLITE_METADATA")


def compact(model, names):
    """Drop what is never used, and let equal constants share a buffer, in place.

    Args:
        model: `ModelT`.
        names: bool. Whether tensors inside the graph keep their names.
    """
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
    blocks = [block for index in used if (block := _blocks(subgraph.tensors[index])) is not None]
    used = used.union(block.scales for block in blocks)
    places = {-1: -1, **{old: new for new, old in enumerate(sorted(map(int, used)))}}
    for item in (subgraph, *subgraph.operators):
        item.inputs = np.array([places[int(index)] for index in item.inputs], "int32")
        item.outputs = np.array([places[int(index)] for index in item.outputs], "int32")
    for entry in maps:
        entry.tensorIndex = places[entry.tensorIndex]
    for block in blocks:
        block.scales = places[block.scales]
    for index, tensor in enumerate(subgraph.tensors):
        if not names and index not in outside:
            tensor.name = None
        tensor.shapeSignature = None
        scales = getattr(tensor.quantization, "scale", None)
        if scales is None and _blocks(tensor) is None:
            tensor.quantization = None
    subgraph.tensors = [subgraph.tensors[old] for old in sorted(map(int, used))]


def _blocks(tensor):
    """The scales of blocks of a row, which are a tensor of their own; None for other tensors."""
    quantization = tensor.quantization
    if quantization is None or quantization.detailsType != _BLOCKWISE:
        return None
    return quantization.details


class SharingBuilder(flatbuffers.Builder):
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
