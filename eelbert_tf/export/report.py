"""What an export costs: bytes on the way to a device, time and memory on it."""

import gzip
import time

import numpy as np

from eelbert_tf.export.memory import peak_memory
from eelbert_tf.models.text_inputs import to_texts

_WARM_UP = 10
_TEXTS = 200


def compressed_size(files):
    """Bytes of files after gzip, as a download of them takes.

    Args:
        files: list of paths.
    """
    return sum(len(gzip.compress(file.read_bytes(), mtime=0)) for file in files)


def latency(predictor, texts):
    """Milliseconds of a text, one at a time, on this computer.

    Args:
        predictor: `Predictor`.
        texts: what it takes; the first 200 of them are timed.

    Returns:
        A dict of `latency_p50_ms` and `latency_p99_ms`.

    Example:

    >>> latency(predictor, ["a great film"])
    {'latency_p50_ms': 0.41, 'latency_p99_ms': 0.45}
    """
    rows = _single_texts(texts)
    for index in range(_WARM_UP):
        predictor.run(*rows[index % len(rows)])
    times = []
    for row in rows:
        start = time.perf_counter()
        predictor.run(*row)
        times.append(1e3 * (time.perf_counter() - start))
    middle, most = np.percentile(times, (50, 99))
    return {"latency_p50_ms": round(float(middle), 3), "latency_p99_ms": round(float(most), 3)}


def memory(format, path, predictor, texts):
    """Memory that an export takes beyond its runtime, in a process of its own.

    Args:
        format: one of `modes.FORMATS`.
        path: the export.
        predictor: its `Predictor`.
        texts: what it takes; it answers to the first 200 of them.

    Returns:
        A dict of `peak_memory_bytes`; empty where the system does not tell.
    """
    inputs = [predictor.inputs(*row) for row in _single_texts(texts)]
    peak = peak_memory(format, path, inputs)
    return {} if peak is None else {"peak_memory_bytes": peak}


def _single_texts(texts):
    """The first texts, one at a time, as `Predictor.run` takes them."""
    columns = to_texts(texts)
    places = [slice(index, index + 1) for index in range(min(len(columns[0]), _TEXTS))]
    return [[None if column is None else column[one] for column in columns] for one in places]
