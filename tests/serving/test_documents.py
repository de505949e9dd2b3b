"""What docs/serving.md, README.md and examples/serving say, asked of a server."""

import json
import pathlib
import re
import runpy
import shlex
import urllib.request

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from google.protobuf import wrappers_pb2 as wrappers
from tensorflow_serving.config import model_server_config_pb2

from tests.cli.command import succeeded

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLES = ROOT / "examples/serving"
REQUESTS = json.loads((EXAMPLES / "requests.json").read_text(encoding="utf-8"))
UPDATE = runpy.run_path(str(ROOT / "docs/update_serving.py"))


def curl(line, server):
    """What a line of curl answers: JSON."""
    _, url, *data = shlex.split(line.replace("localhost:8501", server.rest))
    body = data[1].encode() if data else None
    with urllib.request.urlopen(urllib.request.Request(f"http://{url}", data=body)) as answer:
        return json.loads(answer.read())


def assert_alike(answer, documented):
    """Equal, but for the last of the digits that are shown."""
    if isinstance(documented, dict):
        assert answer.keys() == documented.keys()
        answer, documented = list(answer.values()), list(documented.values())
    if isinstance(documented, list):
        assert len(answer) == len(documented)
        for pair in zip(answer, documented):
            assert_alike(*pair)
    elif isinstance(documented, float):
        assert answer == pytest.approx(documented, abs=1e-3)
    else:
        assert answer == documented


@pytest.mark.parametrize("name", REQUESTS)
def test_documented_requests(name, server):
    request = REQUESTS[name]
    answer = UPDATE["shown"](curl(UPDATE["curl"](request), server))
    assert_alike(answer, request["response"])


def test_the_page_and_the_commands_are_made_of_the_file():
    page = (ROOT / "docs/serving.md").read_text(encoding="utf-8")
    updated = runpy.run_path(str(ROOT / "docs/update_readme.py"))["updated"]
    assert updated(page, UPDATE["parts"](REQUESTS)) == page
    assert (EXAMPLES / "curl.sh").read_text(encoding="utf-8") == UPDATE["commands"](REQUESTS)
    for target in re.findall(r"\]\(([^)]+)\)", page):
        assert (ROOT / "docs" / target).exists(), target


def test_metadata(server):
    answer = curl("curl localhost:8501/v1/models/mood/metadata", server)
    signatures = answer["metadata"]["signature_def"]["signature_def"]
    assert signatures["classify"]["method_name"] == "tensorflow/serving/classify"
    assert signatures["serving_default"]["inputs"]["text"]["dtype"] == "DT_STRING"
    assert {"describe", "serving_default"} <= signatures.keys()


def test_configuration_is_that_of_the_server():
    text = (EXAMPLES / "models.config").read_text()
    config = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
    (model,) = config.model_config_list.config
    assert (model.name, model.base_path) == ("mood", "/models/mood")
    page = (ROOT / "docs/serving.md").read_text(encoding="utf-8")
    policy = re.search(r"```\n(model_version_policy.*?)```", page, flags=re.S)[1]
    model = text_format.Parse(policy, model_server_config_pb2.ModelConfig())
    assert dict(model.version_labels) == {"stable": 1, "canary": 2}


def batching_parameters(text):
    """`BatchingParameters` of the server's session_bundle_config.proto, which no package has."""
    file = descriptor_pb2.FileDescriptorProto(name="batching.proto", syntax="proto3")
    file.dependency.append(wrappers.DESCRIPTOR.name)
    message = file.message_type.add(name="BatchingParameters")
    field = descriptor_pb2.FieldDescriptorProto
    wrapped = ("max_batch_size", "batch_timeout_micros", "max_enqueued_batches")
    for number, name in enumerate((*wrapped, "num_batch_threads"), start=1):
        kind = {"type": field.TYPE_MESSAGE, "type_name": ".google.protobuf.Int64Value"}
        message.field.add(name=name, number=number, label=field.LABEL_OPTIONAL, **kind)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(wrappers.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    made = message_factory.GetMessageClass(pool.FindMessageTypeByName("BatchingParameters"))
    return text_format.Parse(text, made())


def test_batching_parameters_fit_the_requests_of_the_warm_up():
    parameters = batching_parameters((EXAMPLES / "batching_parameters.txt").read_text())
    assert parameters.max_batch_size.value == 64  # the largest warm-up request
    assert parameters.num_batch_threads.value >= 1
    assert parameters.batch_timeout_micros.value > 0
    assert parameters.max_enqueued_batches.value > 0


def test_the_lines_of_the_readme(server, tmp_path, monkeypatch, capfd):
    """All but those that install and start a server."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```sh\n([^`]*docker compose[^`]*)```", readme)[1]
    lines = [line.partition(" #")[0].strip() for line in block.replace("\\\n", "").splitlines()]
    assert len(lines) <= 10
    monkeypatch.chdir(tmp_path)
    done = set()
    for line in lines:
        command, *arguments = shlex.split(line)
        if command == "eelbert":
            result = succeeded(*arguments, "--json").json
            assert pathlib.Path(result["path"], "saved_model.pb").is_file()
        elif command == "curl":
            answer = curl(line, server)
            assert "negative" in json.dumps(answer)
        elif command == "python":
            run_example(arguments, server, monkeypatch)
            assert capfd.readouterr().out.startswith("negative\t")
        done.add(command)
    assert {"eelbert", "docker", "curl", "python"} <= done


def test_load(server, tmp_path, monkeypatch, capfd):
    texts = tmp_path / "texts.txt"
    texts.write_text("a truly dreadfull film\nwhat a treat\n")
    line = ["examples/serving/load.py", str(texts), "--model", "mood", "--seconds", "0.5"]
    run_example([*line, "--callers", "2", "--deadline", "20"], server, monkeypatch)
    printed = capfd.readouterr().out
    pattern = r"texts a second (\d+), p50 ([\d.]+) ms, p99 ([\d.]+) ms, failed: none\n"
    rate, middle, most = map(float, re.fullmatch(pattern, printed).groups())
    assert rate > 0
    assert 0 < middle <= most


def run_example(arguments, server, monkeypatch):
    """Run a script of the examples against a server."""
    script, *rest = arguments
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.setattr("sys.argv", [script, *rest, "--server", server.grpc])
    runpy.run_path(str(ROOT / script), run_name="__main__")
