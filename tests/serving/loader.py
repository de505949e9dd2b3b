"""`Loader`: a SavedModel in a C program, through the loader that TensorFlow Serving is built on."""

import pathlib
import shutil
import struct
import subprocess
import tempfile
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import meta_graph_pb2

SOURCE = pathlib.Path(__file__).parent / "loader.c"
_SAMPLES = 10  # of memory, as in loader.c


class LoaderError(Exception):
    """What the C API answered instead: `code`, a `TF_Code`, which gRPC's are too, and a message."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class LoadTest(NamedTuple):
    """Seconds of all requests together, seconds of each, and memory in bytes on the way."""

    seconds: float
    latencies: np.ndarray
    memory: np.ndarray


def compile_loader(folder):
    """Compile `loader.c` against the headers and the library of the tensorflow wheel.

    Args:
        folder: path, where the program goes.

    Returns:
        Its path.
    """
    program, library = pathlib.Path(folder) / "loader", tf.sysconfig.get_lib()
    libraries = ["-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2", "-pthread"]
    # Where it is there, the linker that reads a library of this size soonest.
    linker = ["-fuse-ld=gold"] if shutil.which("ld.gold") else []
    subprocess.run(
        [
            *("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", SOURCE, "-o", program),
            *("-isystem", tf.sysconfig.get_include(), "-L", library, f"-Wl,-rpath,{library}"),
            *libraries,
            *linker,
        ],
        check=True,
    )
    return program


class Loader:
    """A model in the program; a context manager that ends it.

    Args:
        program: path, of `compile_loader`.
        model: path of a SavedModel.
        threads: int, of an operation; 0 as many as there are cores.
        libraries: paths of libraries of operations.

    Raises:
        LoaderError: the model cannot be loaded.

    Example:

    ```python
    with Loader(program, "models/mood/1") as loader:
        loader.run("serving_default", text=["a great film"])["label"]
    ```
    """

    def __init__(self, program, model, threads=0, libraries=()):
        self._folder = tempfile.TemporaryDirectory()
        config = pathlib.Path(self._folder.name, "config")
        settings = tf.compat.v1.ConfigProto(intra_op_parallelism_threads=threads)
        config.write_bytes(settings.SerializeToString())
        self._process = subprocess.Popen(
            list(map(str, (program, model, config, *libraries))),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._check()
        except LoaderError:
            self.close()
            raise
        self.meta_graph = meta_graph_pb2.MetaGraphDef.FromString(self._string())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
        self._folder.cleanup()

    def run(self, signature, **inputs):
        """The answer of a signature: a dict of NumPy arrays, strings as bytes.

        Args:
            signature: str, its name.
            **inputs: lists of `str` or bytes, or arrays, under the names of the signature.

        Raises:
            LoaderError: the request fails.
        """
        self._send(0, 0, [self.request(signature, **inputs)])
        self._check()
        tensors = [self._tensor() for _ in range(self._int())]
        return dict(zip(sorted(self.meta_graph.signature_def[signature].outputs), tensors))

    def load_test(self, requests, threads, count):
        """Run requests in turn, `count` times in all, by some callers at once: a `LoadTest`.

        Args:
            requests: list of bytes, of `request`.
            threads: int, the callers.
            count: int, at least 10.
        """
        self._send(threads, count, requests)
        self._check()
        seconds = self._int() / 1e9
        latencies = np.frombuffer(self._read(8 * count), "int64") / 1e9
        return LoadTest(seconds, latencies, np.frombuffer(self._read(8 * _SAMPLES), "int64"))

    def request(self, signature, **inputs):
        """A request as the program reads it: bytes."""
        definition = self.meta_graph.signature_def[signature]
        parts = [_int64(len(inputs))]
        for name, values in inputs.items():
            parts += [_operation(definition.inputs[name].name), *_tensor(values)]
        parts.append(_int64(len(definition.outputs)))
        parts += [_operation(definition.outputs[name].name) for name in sorted(definition.outputs)]
        return b"".join(parts)

    def _send(self, threads, count, requests):
        parts = [_int64(threads, count, len(requests)), *map(_string, requests)]
        self._process.stdin.write(b"".join(parts))
        self._process.stdin.flush()

    def _check(self):
        code, message = self._int(), self._string().decode(errors="replace")
        if code:
            raise LoaderError(code, message)

    def _tensor(self):
        dtype = tf.dtypes.as_dtype(self._int())
        shape = [self._int() for _ in range(self._int())]
        count = int(np.prod(shape))
        if dtype == tf.string:
            strings = [self._string() for _ in range(count)]
            return np.array(strings, dtype=object).reshape(shape)
        data = self._read(count * dtype.size)
        return np.frombuffer(data, dtype.as_numpy_dtype).reshape(shape)

    def _string(self):
        return self._read(self._int())

    def _int(self):
        return struct.unpack("=q", self._read(8))[0]

    def _read(self, size):
        data = self._process.stdout.read(size)
        if len(data) != size:
            raise RuntimeError(f"The loader ended with status {self._process.wait()}.")
        return data


def _int64(*values):
    return struct.pack(f"={len(values)}q", *values)


def _string(data):
    return _int64(len(data)) + data


def _operation(tensor_name):
    name, _, index = tensor_name.partition(":")
    return _string(name.encode()) + _int64(int(index))


def _tensor(values):
    if not isinstance(values, np.ndarray):
        values = np.array([v.encode() if isinstance(v, str) else v for v in values], dtype=object)
    yield _int64(tf.dtypes.as_dtype(values.dtype).as_datatype_enum, values.ndim, *values.shape)
    if values.dtype == object:
        yield from map(_string, values.ravel())
    else:
        yield values.tobytes()
