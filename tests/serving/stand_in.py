"""`StandIn`: TensorFlow Serving's messages in front of the C++ loader that it is built on.

It does between a message and a session what the server does, as far as these tests ask, and is in
its place where there is none: queues, batches, versions and metrics are the server's own.
"""

import concurrent.futures

import grpc
import tensorflow as tf
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    predict_pb2,
    prediction_service_pb2_grpc,
    regression_pb2,
)

from tests.serving.loader import LoaderError

_CODES = {code.value[0]: code for code in grpc.StatusCode}
INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION = (
    code.value[0]
    for code in (
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.FAILED_PRECONDITION,
    )
)


class StandIn:
    """Answers messages; `LoaderError` has the code that a server passes on.

    Args:
        models: dict from name to `Loader`.
    """

    def __init__(self, models):
        self.models = models

    def predict(self, request):
        """`PredictRequest` to `PredictResponse`."""
        key, definition, loader = self._signature(request)
        if request.inputs.keys() != definition.inputs.keys():
            raise LoaderError(INVALID_ARGUMENT, "input size does not match signature")
        inputs = {name: tf.make_ndarray(tensor) for name, tensor in request.inputs.items()}
        response = predict_pb2.PredictResponse()
        _set_spec(response, request, key)
        for name, value in loader.run(key, **inputs).items():
            dtype = tf.as_dtype(definition.outputs[name].dtype)
            response.outputs[name].CopyFrom(tf.make_tensor_proto(value, dtype, value.shape))
        return response

    def classify(self, request):
        """`ClassificationRequest` to `ClassificationResponse`."""
        key, answers = self._of_examples(request, "classify")
        response = classification_pb2.ClassificationResponse()
        _set_spec(response, request, key)
        for labels, scores in zip(answers["classes"], answers["scores"]):
            classes = response.result.classifications.add().classes
            for label, score in zip(labels, scores):
                classes.add(label=label.decode(), score=score)
        return response

    def regress(self, request):
        """`RegressionRequest` to `RegressionResponse`."""
        key, answers = self._of_examples(request, "regress")
        response = regression_pb2.RegressionResponse()
        _set_spec(response, request, key)
        for value in answers["outputs"]:
            response.result.regressions.add(value=value)
        return response

    def metadata(self, request):
        """`GetModelMetadataRequest` to `GetModelMetadataResponse`."""
        definitions = get_model_metadata_pb2.SignatureDefMap()
        for key, definition in self._model(request).meta_graph.signature_def.items():
            definitions.signature_def[key].CopyFrom(definition)
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.model_spec.name = request.model_spec.name
        response.metadata["signature_def"].Pack(definitions)
        return response

    def _model(self, request):
        if request.model_spec.name not in self.models:
            raise LoaderError(NOT_FOUND, f"Servable not found: {request.model_spec.name}")
        return self.models[request.model_spec.name]

    def _signature(self, request):
        loader = self._model(request)
        key = request.model_spec.signature_name or "serving_default"
        if key not in loader.meta_graph.signature_def:
            raise LoaderError(FAILED_PRECONDITION, f'Serving signature key "{key}" not found.')
        return key, loader.meta_graph.signature_def[key], loader

    def _of_examples(self, request, method):
        key, definition, loader = self._signature(request)
        if definition.method_name != f"tensorflow/serving/{method}":
            raise LoaderError(INVALID_ARGUMENT, f"Was: {definition.method_name}")
        examples = request.input.example_list.examples
        if not examples:
            raise LoaderError(INVALID_ARGUMENT, "Input is empty.")
        return key, loader.run(key, inputs=[example.SerializeToString() for example in examples])


def _set_spec(response, request, key):
    response.model_spec.name = request.model_spec.name
    response.model_spec.signature_name = key


class Servicer(prediction_service_pb2_grpc.PredictionServiceServicer):
    """The calls of gRPC over a `StandIn`."""

    def __init__(self, server):
        self.server = server

    def Predict(self, request, context):
        return self._answered(self.server.predict, request, context)

    def Classify(self, request, context):
        return self._answered(self.server.classify, request, context)

    def Regress(self, request, context):
        return self._answered(self.server.regress, request, context)

    def GetModelMetadata(self, request, context):
        return self._answered(self.server.metadata, request, context)

    def _answered(self, method, request, context):
        try:
            return method(request)
        except LoaderError as error:
            return context.abort(_CODES[error.code], str(error))


def serve_grpc(servicer):
    """Serve on a free port; returns the server, to `stop`, and its address."""
    pool = concurrent.futures.ThreadPoolExecutor(1)  # a `Loader` takes one request at a time
    server = grpc.server(pool)
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(servicer, server)
    port = server.add_insecure_port("localhost:0")
    server.start()
    return server, f"localhost:{port}"
