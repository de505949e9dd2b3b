"""TensorFlow Serving itself, where `TF_SERVING_BIN` names it or Docker has its image."""

import contextlib
import os
import pathlib
import socket
import subprocess
import time
import urllib.request

IMAGE = "tensorflow/serving"
EXAMPLES = pathlib.Path(__file__).parents[2] / "examples/serving"
_SECONDS_TO_START = 60


def missing():
    """Why there is no server to test, or None."""
    if os.environ.get("TF_SERVING_BIN"):
        return None
    try:
        command = ["docker", "image", "inspect", IMAGE]
        done = subprocess.run(command, capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode:
        return f"TF_SERVING_BIN is not set, and Docker has no image {IMAGE}"
    return None


@contextlib.contextmanager
def serve(folder, names):
    """Serve models with the batching of the example; gives the addresses for REST and gRPC.

    Args:
        folder: path of the directories of the models.
        names: their names.
    """
    configs = "".join(
        f'config {{ name: "{name}" base_path: "{folder / name}" model_platform: "tensorflow" }}\n'
        for name in names
    )
    config = folder / "models.config"
    config.write_text(f"model_config_list {{\n{configs}}}\n")
    rest, grpc = _free_port(), _free_port()
    binary = os.environ.get("TF_SERVING_BIN")
    mounts = [f"--volume={path}:{path}:ro" for path in (folder, EXAMPLES)]
    docker = ["docker", "run", "--rm", "--network=host", *mounts, IMAGE]
    process = subprocess.Popen(
        [
            *([binary] if binary else docker),
            f"--rest_api_port={rest}",
            f"--port={grpc}",
            f"--model_config_file={config}",
            "--enable_batching",
            f"--batching_parameters_file={EXAMPLES / 'batching_parameters.txt'}",
        ]
    )
    try:
        for name in names:
            _wait(f"http://localhost:{rest}/v1/models/{name}", process)
        yield f"localhost:{rest}", f"localhost:{grpc}"
    finally:
        process.terminate()
        process.wait()


def _wait(url, process):
    end = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url) as answer:
            if b"AVAILABLE" in answer.read():
                return
        time.sleep(0.2)
    raise RuntimeError(f"The server did not answer at {url}.")


def _free_port():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]
