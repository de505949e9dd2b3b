"""TF_CONFIG, well and badly formed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.distribution.cluster import Cluster, local_clusters, read_cluster
from eelbert_tf.errors import UserError

PLAIN = {"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": 1}}


def read(config):
    text = config if isinstance(config, str) else json.dumps(config)
    return read_cluster({"TF_CONFIG": text})


def test_workers_are_read():
    assert read(PLAIN) == Cluster(["a:1", "b:2"], 1)
    assert read_cluster({}) is None
    assert read(Cluster(["[::1]:1", "b:2"], 0).variable()) == Cluster(["[::1]:1", "b:2"], 0)


def test_a_chief_of_its_own_is_the_first_worker():
    jobs = {"chief": ["c:1"], "worker": ["a:1", "b:2"]}
    chief = read({"cluster": jobs, "task": {"type": "chief", "index": 0}})
    worker = read({"cluster": jobs, "task": {"type": "worker", "index": 1}})
    assert chief.is_chief and chief.index == 0
    assert worker == Cluster(["c:1", "a:1", "b:2"], 2) and not worker.is_chief


@pytest.mark.parametrize(
    "config",
    [
        "{",
        "[]",
        "7",
        {"cluster": {"worker": ["a:1"]}},
        {"cluster": {"worker": []}, "task": {"type": "worker", "index": 0}},
        {"cluster": {"worker": "a:1"}, "task": {"type": "worker", "index": 0}},
        {"cluster": {"worker": ["a"]}, "task": {"type": "worker", "index": 0}},
        {"cluster": {"worker": [1]}, "task": {"type": "worker", "index": 0}},
        {"cluster": {"worker": ["a:1", "a:1"]}, "task": {"type": "worker", "index": 0}},
        {"cluster": {"worker": ["a:1"], "ps": ["b:1"]}, "task": {"type": "worker", "index": 0}},
        {"cluster": {"chief": ["a:1", "b:1"]}, "task": {"type": "chief", "index": 0}},
        {**PLAIN, "task": {"type": "worker", "index": 2}},
        {**PLAIN, "task": {"type": "worker", "index": -1}},
        {**PLAIN, "task": {"type": "worker", "index": "1"}},
        {**PLAIN, "task": {"type": "evaluator", "index": 0}},
    ],
)
def test_anything_else_is_refused(config):
    with pytest.raises(UserError, match="TF_CONFIG must name each worker once by host:port"):
        read(config)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(
    st.sampled_from(["cluster", "task", "worker", "chief", "type", "index"]), s)))  # fmt: skip
def test_no_json_brings_it_down(value):
    with pytest.raises(UserError):
        read(json.dumps(value) or "{")


def test_local_workers_have_ports_of_their_own():
    clusters = local_clusters(3)
    assert [cluster.index for cluster in clusters] == [0, 1, 2]
    assert len(set(clusters[0].addresses)) == 3
    assert all(read(cluster.variable()) == cluster for cluster in clusters)
