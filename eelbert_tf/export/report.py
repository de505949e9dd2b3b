"""What an export costs: bytes on the way to a device, and time on it."""

import gzip
import time

import numpy as np

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
    columns = to_texts(texts)
    count = min(len(columns[0]), _TEXTS)

    def run(index):
        one = slice(index, index + 1)
        predictor.run(*(None if column is None else column[one] for column in columns))

    for index in range(_WARM_UP):
        run(index % count)
    times = []
    for index in range(count):
        start = time.perf_counter()
        run(index)
        times.append(1e3 * (time.perf_counter() - start))
    middle, most = np.percentile(times, (50, 99))
    return {"latency_p50_ms": round(float(middle), 3), "latency_p99_ms": round(float(most), 3)}
