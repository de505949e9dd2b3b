"""Models in the C program and servers of them, once for all tests."""

import functools
from typing import NamedTuple

import pytest

from tests.serving import real_server
from tests.serving.loader import Loader, compile_loader
from tests.serving.models import export_models
from tests.serving.rest import serve_rest
from tests.serving.stand_in import Servicer, StandIn, serve_grpc

NO_SERVER = real_server.missing()


class Addresses(NamedTuple):
    """Of a server, each as `host:port`."""

    rest: str
    grpc: str


def pytest_terminal_summary(terminalreporter):
    if NO_SERVER:
        terminalreporter.write_line(
            f"not run: tests/serving against TensorFlow Serving itself: {NO_SERVER}"
        )


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    return compile_loader(tmp_path_factory.mktemp("loader"))


@pytest.fixture(scope="session")
def load(program):
    """A function from the path of a SavedModel to its `Loader`, which tests share."""
    loaders = []

    @functools.cache
    def load(path):
        loaders.append(Loader(program, path, threads=1))
        return loaders[-1]

    yield load
    for loader in loaders:
        loader.close()


@pytest.fixture(scope="session")
def served(load, exported):
    """A function from a task's fixture to its `Loader`."""
    return lambda name: load(exported(name) / "saved_model")


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """The models of `docs/serving.md`: a dict from name to path of the version."""
    return export_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def stand_in(models, load):
    return StandIn({name: load(path) for name, path in models.items()})


@pytest.fixture(scope="session", params=["stand_in", *([] if NO_SERVER else ["real_server"])])
def server(request, models):
    """The `Addresses` of a server of these models: the stand-in; the real one if it is there."""
    if request.param == "real_server":
        folder = models["mood"].parents[1]
        with real_server.serve(folder, list(models)) as addresses:
            yield Addresses(*addresses)
        return
    stand_in = request.getfixturevalue("stand_in")
    rest, rest_address = serve_rest(stand_in)
    grpc, grpc_address = serve_grpc(Servicer(stand_in))
    yield Addresses(rest_address, grpc_address)
    grpc.stop(None)
    rest.shutdown()
    rest.server_close()
