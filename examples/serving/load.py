"""Puts load on TensorFlow Serving, and tells texts a second and latencies.

    python examples/serving/load.py texts.txt --model mood --callers 16 --batch 8

Each caller sends its next request when it has the answer to the last one.
"""

import argparse
import collections
import concurrent.futures
import itertools
import pathlib
import statistics
import time

import grpc
from client import Client


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=pathlib.Path, help="texts, one a line")
    arguments.add_argument("--model", required=True, metavar="NAME")
    arguments.add_argument("--server", default="localhost:8500", metavar="HOST:PORT")
    arguments.add_argument("--callers", type=int, default=16)
    arguments.add_argument("--batch", type=int, default=1, help="texts of a request")
    arguments.add_argument("--seconds", type=float, default=10.0)
    arguments.add_argument("--deadline", type=float, default=1.0, metavar="SECONDS")
    arguments = arguments.parse_args()
    texts = itertools.cycle(arguments.file.read_text(encoding="utf-8").splitlines())
    requests = [list(itertools.islice(texts, arguments.batch)) for _ in range(100)]
    with Client(arguments.server, arguments.deadline) as client:
        print(report(*load(client, requests, arguments), arguments))


def load(client, requests, arguments):
    """Seconds of each answered request, and how many failed with which code."""
    end = time.monotonic() + arguments.seconds
    latencies, failures = [], collections.Counter()

    def call(first):
        for number in itertools.count(first):
            start = time.monotonic()
            if start >= end:
                return
            try:
                client.predict(arguments.model, text=requests[number % len(requests)])
                latencies.append(time.monotonic() - start)
            except grpc.RpcError as error:
                failures[error.code().name] += 1

    with concurrent.futures.ThreadPoolExecutor(arguments.callers) as pool:
        list(pool.map(call, range(arguments.callers)))
    return latencies, failures


def report(latencies, failures, arguments):
    failed = ", ".join(f"{count} {code}" for code, count in failures.items()) or "none"
    if len(latencies) < 2:
        return f"answered {len(latencies)}, failed: {failed}"
    percentiles = statistics.quantiles(latencies, n=100)
    rate = len(latencies) * arguments.batch / arguments.seconds
    return (
        f"texts a second {rate:.0f}, p50 {1e3 * percentiles[49]:.1f} ms, "
        f"p99 {1e3 * percentiles[98]:.1f} ms, failed: {failed}"
    )


if __name__ == "__main__":
    main()
