"""The REST calls of TensorFlow Serving over a `StandIn`: JSON to messages and back."""

import http.server
import json
import re
import threading

import tensorflow as tf
from google.protobuf import json_format
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    predict_pb2,
    regression_pb2,
)

from tests.serving.loader import LoaderError


def answer(server, path, body):
    """The JSON of an answer.

    Args:
        server: `StandIn`.
        path: str, `/v1/models/NAME:METHOD` or `/v1/models/NAME/metadata`.
        body: dict, or None.
    """
    name, method = re.fullmatch(r"/v1/models/(\w+)[:/](\w+)", path).groups()
    return {
        "predict": _predict,
        "classify": _classify,
        "regress": _regress,
        "metadata": _metadata,
    }[method](server, name, body)


def _predict(server, name, body):
    request = predict_pb2.PredictRequest()
    _set_spec(request, name, body)
    inputs = (
        server.models[name]
        .meta_graph.signature_def[request.model_spec.signature_name or "serving_default"]
        .inputs
    )
    by_row = "instances" in body
    columns = body["instances"] if by_row else body["inputs"]
    if by_row and isinstance(columns[0], dict):
        columns = {key: [row[key] for row in columns] for key in columns[0]}
    if not isinstance(columns, dict):  # the one input goes without its name
        columns = dict.fromkeys(inputs, columns)
    for key, values in columns.items():
        request.inputs[key].CopyFrom(tf.make_tensor_proto(values))
    outputs = {
        key: _plain(tf.make_ndarray(tensor).tolist())
        for key, tensor in sorted(server.predict(request).outputs.items())
    }
    if len(outputs) == 1:  # nor does the one output have it
        (outputs,) = outputs.values()
        return {"predictions" if by_row else "outputs": outputs}
    if by_row:
        return {"predictions": [dict(zip(outputs, row)) for row in zip(*outputs.values())]}
    return {"outputs": outputs}


def _classify(server, name, body):
    response = server.classify(_request_of_examples(classification_pb2, name, body))
    return {
        "results": [
            [[item.label, item.score] for item in row.classes]
            for row in response.result.classifications
        ]
    }


def _regress(server, name, body):
    response = server.regress(_request_of_examples(regression_pb2, name, body))
    return {"results": [item.value for item in response.result.regressions]}


def _metadata(server, name, body):
    request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    request.model_spec.name = name
    return json_format.MessageToDict(server.metadata(request), preserving_proto_field_name=True)


def _set_spec(request, name, body):
    request.model_spec.name = name
    request.model_spec.signature_name = body.get("signature_name", "")


def _request_of_examples(messages, name, body):
    kind = next(n for n in ("ClassificationRequest", "RegressionRequest") if hasattr(messages, n))
    request = getattr(messages, kind)()
    _set_spec(request, name, body)
    for row in body["examples"]:
        feature = request.input.example_list.examples.add().features.feature
        for key, text in row.items():
            feature[key].bytes_list.value.append(text.encode())
    return request


def _plain(value):
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.decode() if isinstance(value, bytes) else value


def serve_rest(server):
    """Serve on a free port; returns the HTTP server, to `shutdown`, and its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer(None)

        def do_POST(self):
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body):
            try:
                status, content = 200, answer(server, self.path, body)
            except LoaderError as error:
                status, content = 400, {"error": str(error)}
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *arguments):
            pass

    http_server = http.server.HTTPServer(("localhost", 0), Handler)
    threading.Thread(target=http_server.serve_forever, daemon=True).start()
    return http_server, f"localhost:{http_server.server_port}"
