"""Runs in processes of their own, and the run on one device that they are compared to."""

import json
import os
import pathlib
import subprocess
import sys
import types

import numpy as np
import pytest

from eelbert_tf.distribution.cluster import local_clusters
from eelbert_tf.distribution.strategies import open_replicas
from tests.distribution import runs
from tests.distribution.process import both_runs
from tests.pretraining.conftest import corpus, shards  # noqa: F401

# The same operations on the same numbers give the same bits.
DETERMINISTIC = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_DETERMINISTIC_OPS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


@pytest.fixture(scope="session")
def one_device(pretrained, shards, tmp_path_factory):  # noqa: F811
    """Losses by step of both runs in this process, and those of `fit`."""
    import tensorflow as tf

    folder = tmp_path_factory.mktemp("one_device")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eelbert_tf.training.trainer.REPORT_EVERY", 1)
        losses, _ = both_runs(open_replicas(), shards.directory, pretrained, folder / "out")
    scope = tf.distribute.get_strategy().scope
    return types.SimpleNamespace(
        losses=losses,
        strings=runs.losses_of_strings(scope),
        texts=runs.losses_of_texts(scope, pretrained),
    )


@pytest.fixture(scope="session")
def start(pretrained, shards, tmp_path_factory):  # noqa: F811
    """A function that runs `tests.distribution.process` in one or several processes.

    It returns the reports, each with the `weights` of the encoder, and the folder.
    """

    def run(strategy, environments, patience=300):
        folder = tmp_path_factory.mktemp(strategy)
        processes = []
        for index, environment in enumerate(environments):
            line = [strategy, shards.directory, pretrained, folder / "out", folder / f"{index}"]
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.distribution.process", *map(str, line)],
                    env={**os.environ, **DETERMINISTIC, **environment},
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
        for process in processes:
            _, err = process.communicate(timeout=patience)
            assert process.returncode == 0, err
        return [report(folder / f"{index}") for index in range(len(environments))], folder

    return run


def report(path):
    read = types.SimpleNamespace(**json.loads(pathlib.Path(path).read_text()))
    with np.load(f"{path}.npz") as arrays:
        read.weights = [arrays[name] for name in arrays.files]
    return read


@pytest.fixture(scope="session")
def mirrored(start):
    """On two logical devices."""
    return start("mirrored", [{}])


@pytest.fixture(scope="session")
def workers(start):
    """In two processes on the loopback address."""
    return start("multi_worker", [{"TF_CONFIG": c.variable()} for c in local_clusters(2)])


@pytest.fixture(scope="session")
def data_parallel(start):
    """On two devices under JAX."""
    flags = "--xla_force_host_platform_device_count=2"
    environment = {
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
        "XLA_FLAGS": flags,
    }
    return start("data_parallel", [environment])
