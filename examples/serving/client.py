"""Asks TensorFlow Serving over gRPC, with a deadline and retries.

    python examples/serving/client.py --model mood "a truly dreadfull film" "what a treat"

Needs `pip install 'eelbert_tf[serving]'`, or tensorflow-serving-api alone.
"""

import argparse
import json

import grpc
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

# gRPC itself tries again, within the deadline, where the server is away or its queue is full.
# Anything else would fail the same way again, or has used up its time.
RETRIES = {
    "methodConfig": [
        {
            "name": [{"service": "tensorflow.serving.PredictionService"}],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.05s",
                "maxBackoff": "1s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}


class Client:
    """A connection to one server; a context manager that ends it.

    Args:
        address: str, `host:port`.
        deadline: float, seconds that a request may take, retries and waiting included.

    Example:

    ```python
    with Client("localhost:8500") as client:
        client.predict("mood", text=["what a treat"])["label"]
    ```
    """

    def __init__(self, address, deadline=1.0):
        options = [("grpc.service_config", json.dumps(RETRIES))]
        self.channel = grpc.insecure_channel(address, options)
        self.service = prediction_service_pb2_grpc.PredictionServiceStub(self.channel)
        self.deadline = deadline

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.channel.close()

    def predict(self, model, signature="serving_default", version=None, **texts):
        """The outputs of a signature: a dict of NumPy arrays, strings as bytes.

        Args:
            model: str, its name.
            signature: str, its name.
            version: int or None, the highest that is loaded.
            **texts: lists of `str`: `text`, and of pair models `text_pair`.

        Raises:
            grpc.RpcError: `code()` tells why, such as DEADLINE_EXCEEDED or INVALID_ARGUMENT.
        """
        request = predict_pb2.PredictRequest()
        request.model_spec.name = model
        request.model_spec.signature_name = signature
        if version is not None:
            request.model_spec.version.value = version
        for name, values in texts.items():
            request.inputs[name].CopyFrom(tf.make_tensor_proto(values, tf.string))
        response = self.service.Predict(request, timeout=self.deadline)
        return {name: tf.make_ndarray(tensor) for name, tensor in response.outputs.items()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("texts", nargs="+", metavar="TEXT")
    arguments.add_argument("--model", required=True, metavar="NAME")
    arguments.add_argument("--server", default="localhost:8500", metavar="HOST:PORT")
    arguments.add_argument("--deadline", type=float, default=1.0, metavar="SECONDS")
    arguments = arguments.parse_args()
    with Client(arguments.server, arguments.deadline) as client:
        labels = client.predict(arguments.model, text=arguments.texts)["label"]
    for label, text in zip(labels, arguments.texts):
        print(f"{label.decode()}\t{text}")


if __name__ == "__main__":
    main()
