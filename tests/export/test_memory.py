"""Tests of the memory that exports take."""

import numpy as np
import tensorflow as tf

from eelbert_tf.export import memory
from eelbert_tf.export.litert import convert
from eelbert_tf.export.report import memory as memory_report
from eelbert_tf.runtimes.litert_runtime import litert_predictor
from tests import toy

MEGABYTE = 2**20
X = np.ones((1, 4), "float32")


def model_that_needs(megabytes, path):
    """Its one operation writes as much."""
    shape = [megabytes * MEGABYTE // 16, 4]
    function = tf.function(lambda x: {"y": tf.reduce_sum(tf.broadcast_to(x, shape) + x)})
    path.write_bytes(convert(function.get_concrete_function(x=tf.TensorSpec([1, 4], name="x"))))
    return path


def test_what_a_model_needs_is_counted(tmp_path):
    small, large = (
        memory.peak_memory("litert", model_that_needs(size, tmp_path / str(size)), [{"x": X}])
        for size in (1, 64)
    )
    assert small < 16 * MEGABYTE
    assert 48 * MEGABYTE < large - small < 160 * MEGABYTE


def test_report(exported):
    path = exported("classifier") / "model.tflite"
    report = memory_report("litert", path, litert_predictor(path), toy.TEXTS)
    assert 0 < report["peak_memory_bytes"] < 32 * MEGABYTE


def test_systems_that_do_not_tell(exported, monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "_CLEAR", tmp_path / "missing")
    path = exported("classifier") / "model.tflite"
    assert memory_report("litert", path, litert_predictor(path), toy.TEXTS) == {}
