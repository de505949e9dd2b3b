"""Puts results and the requests of examples/serving/requests.json into docs/serving.md and curl.sh.

python docs/update_serving.py            # what the file says
python docs/update_serving.py --run      # after asking the models for the responses anew
"""

import json
import os
import pathlib
import runpy
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[1]
PAGE = ROOT / "docs/serving.md"
REQUESTS = ROOT / "examples/serving/requests.json"
COMMANDS = ROOT / "examples/serving/curl.sh"
FIGURES = "benchmarks/results/serving.md"
# Numbers of a vector that are shown, and digits of each.
_SHOWN, _DIGITS = 4, 4


def curl(request):
    """The command of a request."""
    body = json.dumps(request["body"], ensure_ascii=False)
    return f"curl localhost:8501{request['path']} -d '{body}'"


def parts(requests):
    """What stands between each mark of the page and its end."""
    answered = {
        f"examples/serving/requests.json: {name}": f"```sh\n{curl(request)}\n```\n"
        f"```json\n{json.dumps(request['response'], ensure_ascii=False)}\n```\n"
        for name, request in requests.items()
    }
    return {**answered, FIGURES: (ROOT / FIGURES).read_text(encoding="utf-8")}


def commands(requests):
    """The text of curl.sh."""
    lines = "\n".join(map(curl, requests.values()))
    return f"# Each request of requests.json, to a server on this computer.\n{lines}\n"


def shown(response):
    """A response as the page shows it: numbers rounded, vectors cut."""
    if isinstance(response, dict):
        return {name: shown(value) for name, value in response.items()}
    if isinstance(response, float):
        return round(response, _DIGITS)
    if not isinstance(response, list):
        return response
    if len(response) > _SHOWN and all(isinstance(value, float) for value in response):
        return [*map(shown, response[:_SHOWN]), "..."]
    return [*map(shown, response)]


def asked(requests):
    """The requests with the responses that the models give through TensorFlow's C++ loader."""
    sys.path.insert(0, str(ROOT))
    from tests.serving import loader, models, rest, stand_in

    with tempfile.TemporaryDirectory() as folder:
        program, paths = (
            loader.compile_loader(folder),
            models.export_models(pathlib.Path(folder)),
        )
        server = stand_in.StandIn({n: loader.Loader(program, p) for n, p in paths.items()})
        answers = {
            name: {**request, "response": shown(rest.answer(server, **_question(request)))}
            for name, request in requests.items()
        }
        for model in server.models.values():
            model.close()
    return answers


def _question(request):
    return {"path": request["path"], "body": request["body"]}


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    requests = json.loads(REQUESTS.read_text(encoding="utf-8"))
    if "--run" in sys.argv:
        requests = asked(requests)
        text = json.dumps(requests, ensure_ascii=False, indent=1) + "\n"
        REQUESTS.write_text(text, encoding="utf-8")
    updated = runpy.run_path(str(ROOT / "docs/update_readme.py"))["updated"]
    page = updated(PAGE.read_text(encoding="utf-8"), parts(requests))
    PAGE.write_text(page, encoding="utf-8")
    COMMANDS.write_text(commands(requests), encoding="utf-8")
