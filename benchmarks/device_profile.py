"""Where the time of a `.tflite` goes, operation by operation, on one thread.

The runtime in the wheel tells no profile. So the graph is cut behind each operation in turn, and
each stump timed; an operation takes what its stump takes longer than the one before. Times that
fall, since what comes last is not merged with what follows, are smoothed by isotonic regression.
"""

import collections
import time

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from sklearn.isotonic import IsotonicRegression

from eelbert_tf.export.flatbuffer import Graph

_KINDS = {number: name for name, number in vars(schema.BuiltinOperator).items()}


def profile(path, inputs, repeats=100):
    """Microseconds of each kind of operation, `{kind: (operations, microseconds)}`, most first.

    Args:
        path: a `.tflite`.
        inputs: dict of arrays by the names of its signature.
        repeats: int. Runs of each stump.
    """
    data = path.read_bytes()
    graph = Graph(data)
    kinds = [_KINDS[graph.kind(operator)] for operator in graph.operators]
    points = [(k, _stump(data, k, inputs, repeats)) for k in range(len(kinds))]
    steps, times = zip(*[(k, seconds) for k, seconds in points if seconds is not None])
    smooth = IsotonicRegression(y_min=0.0).fit_transform(steps, times)
    taken = np.diff(np.interp(range(len(kinds)), steps, smooth), prepend=0.0)
    sums = collections.defaultdict(lambda: [0, 0.0])
    for kind, seconds in zip(kinds, taken):
        sums[kind][0] += 1
        sums[kind][1] += 1e6 * seconds
    return {k: tuple(v) for k, v in sorted(sums.items(), key=lambda item: -item[1][1])}


def _stump(data, last, inputs, repeats):
    """Seconds of the operations up to one, None where its output cannot be an answer."""
    graph = Graph(data)
    subgraph = graph.subgraph
    subgraph.outputs = np.array(subgraph.operators[last].outputs[:1], "int32")
    subgraph.operators = subgraph.operators[: last + 1]
    names = [t.name.decode() for t in map(subgraph.tensors.__getitem__, subgraph.inputs)]
    graph.model.signatureDefs = []
    try:
        interpreter = Interpreter(model_content=graph.to_bytes(), num_threads=1)
        interpreter.allocate_tensors()
    except (RuntimeError, ValueError):
        return None
    for detail in interpreter.get_input_details():
        (value,) = [inputs[key] for key in inputs if any(key in name for name in names)]
        interpreter.set_tensor(detail["index"], value)
    return fastest(interpreter.invoke, repeats)


def fastest(function, repeats):
    """The 10th percentile of the seconds of a function's calls: what else runs counts little."""
    function()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return float(np.percentile(times, 10))
