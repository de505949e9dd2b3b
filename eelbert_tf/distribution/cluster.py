"""TF_CONFIG, which tells a process the addresses of all workers and which one it is."""

import dataclasses
import json
import os
import re
import socket

from eelbert_tf.errors import UserError

VARIABLE = "TF_CONFIG"
_ADDRESS = re.compile(r"[^\s:/]+:[0-9]{1,5}|\[[0-9a-fA-F:.]+\]:[0-9]{1,5}")


@dataclasses.dataclass(frozen=True)
class Cluster:
    """The workers of a run, and one of them.

    Attributes:
        addresses: list of str, `host:port`, the chief's first.
        index: int, of this process.
    """

    addresses: list
    index: int

    @property
    def is_chief(self):
        """Whether this process writes checkpoints and the model."""
        return self.index == 0

    def variable(self):
        """The value of TF_CONFIG that says this."""
        task = {"type": "worker", "index": self.index}
        return json.dumps({"cluster": {"worker": self.addresses}, "task": task})


def read_cluster(environment=os.environ):
    """What TF_CONFIG says.

    Returns:
        `Cluster`, or None where the variable is not set.

    Raises:
        UserError: it says something else.
    """
    text = environment.get(VARIABLE)
    if not text:
        return None
    try:
        config = json.loads(text)
        jobs, task = config["cluster"], config["task"]
        kind, index = task["type"], task["index"]
        chiefs, workers = jobs.get("chief", []), jobs.get("worker", [])
        sizes = {"chief": len(chiefs), "worker": len(workers)}
        addresses = [*chiefs, *workers]
        sound = (
            set(jobs) <= set(sizes)
            and isinstance(chiefs, list)
            and isinstance(workers, list)
            and len(chiefs) <= 1
            and all(_ADDRESS.fullmatch(address) for address in addresses)
            and len(set(addresses)) == len(addresses)
            and type(index) is int
            and 0 <= index < sizes[kind]
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise UserError(
            f"{VARIABLE} must name each worker once by host:port and tell which one this is, as in "
            f"{Cluster(['10.0.0.1:2222', '10.0.0.2:2222'], 0).variable()}. Received: {text}."
        )
    return Cluster(addresses, index if kind == "chief" else len(chiefs) + index)


def local_clusters(count):
    """What each of `count` workers on this machine has to know, on ports that are free."""
    sockets = [socket.socket() for _ in range(count)]
    for free in sockets:
        free.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{free.getsockname()[1]}" for free in sockets]
    for free in sockets:
        free.close()
    return [Cluster(addresses, index) for index in range(count)]
