"""Tests of examples/serving/client.py: what it sends, deadlines, retries, codes."""

import pathlib
import runpy
import time

import grpc
import pytest

from tests.serving.stand_in import Servicer, serve_grpc

CLIENT = pathlib.Path(__file__).parents[2] / "examples/serving/client.py"
Client = runpy.run_path(str(CLIENT))["Client"]


class Unsteady(Servicer):
    """Refuses the first calls; answers the others late."""

    def __init__(self, server, refusals=0, delay=0.0):
        super().__init__(server)
        self.refusals, self.delay, self.calls = refusals, delay, 0

    def Predict(self, request, context):
        self.calls += 1
        if self.calls <= self.refusals:
            context.abort(grpc.StatusCode.UNAVAILABLE, "the queue is full")
        time.sleep(self.delay)
        return super().Predict(request, context)


@pytest.fixture
def connect(stand_in):
    """A function from the faults of a server to the server and a client of it."""
    open_ones = []

    def connect(deadline, **faults):
        servicer = Unsteady(stand_in, **faults)
        server, address = serve_grpc(servicer)
        client = Client(address, deadline)
        open_ones.append((server, client))
        return servicer, client

    yield connect
    for server, client in open_ones:
        client.__exit__()
        server.stop(None).wait()


def test_answers(server):
    with Client(server.grpc, deadline=20) as client:
        answer = client.predict("mood", text=["a truly dreadfull film", "what a treat"])
        assert answer["label"].tolist() == [b"negative", b"positive"]
        texts = {"text": ["a cat"], "text_pair": ["a dog"]}
        assert client.predict("likeness", **texts)["score"].shape == (1,)
        assert client.predict("vectors", "embed", text=["a", "b"])["embedding"].shape == (2, 384)


@pytest.mark.parametrize(
    "model, signature, texts, code",
    [
        ("mood", "serving_default", {}, "INVALID_ARGUMENT"),
        ("mood", "serving_default", {"texts": ["a"]}, "INVALID_ARGUMENT"),
        ("likeness", "serving_default", {"text": ["a"], "text_pair": []}, "INVALID_ARGUMENT"),
        ("mood", "classify", {"inputs": ["no example"]}, "INVALID_ARGUMENT"),
        ("mood", "unknown", {"text": ["a"]}, "FAILED_PRECONDITION"),
        ("unknown", "serving_default", {"text": ["a"]}, "NOT_FOUND"),
    ],
)
def test_codes_of_bad_requests(model, signature, texts, code, server):
    with Client(server.grpc, deadline=20) as client:
        with pytest.raises(grpc.RpcError) as error:
            client.predict(model, signature, **texts)
        assert error.value.code().name == code
        assert client.predict("mood", text=["what a treat"])["label"] == [b"positive"]


def test_what_is_refused_is_sent_again(connect):
    servicer, client = connect(20, refusals=2)
    assert client.predict("mood", text=["what a treat"])["label"] == [b"positive"]
    assert servicer.calls == 3


def test_a_server_that_refuses_for_good(connect):
    servicer, client = connect(20, refusals=100)
    with pytest.raises(grpc.RpcError) as error:
        client.predict("mood", text=["a"])
    assert error.value.code() == grpc.StatusCode.UNAVAILABLE
    assert servicer.calls == 4


def test_a_deadline_ends_the_wait(connect):
    _, client = connect(0.2, delay=1.0)
    start = time.monotonic()
    with pytest.raises(grpc.RpcError) as error:
        client.predict("mood", text=["a"])
    assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert time.monotonic() - start < 1.0
