"""Requests that a server runs before it serves a version: the first ones are slow."""

import itertools

import tensorflow as tf

from eelbert_tf.export.os_errors import os_errors
from eelbert_tf.export.serving.signatures import CLASSIFY, REGRESS, SERVING_DEFAULT

FILE = "assets.extra/tf_serving_warmup_requests"
# Words of a text, up to the window, and texts of a request; a server of batches runs 64 at most.
_WORDS = (4, 16, 64, 256)
_BATCHES = (1, 8, 64)


def write_warm_up(path, name, functions, columns, max_words):
    """Write `assets.extra/tf_serving_warmup_requests` into a SavedModel.

    Texts are made of the words of `columns`, in their order, so that words repeat as they do.

    Args:
        path: path of the SavedModel.
        name: str, the name of the model on the server.
        functions: as in `ServedModel`.
        columns: a list of texts for each input, `text` and, of a pair model, `text_pair`.
        max_words: int, the window of the model.

    Raises:
        OSError: it cannot be written.
    """
    file = path / FILE
    file.parent.mkdir()
    with os_errors(), tf.io.TFRecordWriter(str(file)) as writer:
        for record in warm_up_records(name, functions, columns, max_words):
            writer.write(record.SerializeToString(deterministic=True))


def warm_up_records(name, functions, columns, max_words):
    """`PredictionLog` messages: all lengths and batches to predict, one text to the others.

    The arguments are those of `write_warm_up`.
    """
    words = [list(itertools.chain.from_iterable(map(str.split, texts))) for texts in columns]
    lengths = [length for length in _WORDS if length < max_words] + [max_words]
    for length, batch in itertools.product(lengths, _BATCHES):
        yield _record(name, SERVING_DEFAULT, functions, _texts(words, length, batch))
    for signature in functions:
        if signature != SERVING_DEFAULT:
            yield _record(name, signature, functions, _texts(words, lengths[0], 1))


def _texts(words, length, count):
    """Texts of a number of words, for each column; each begins where the last one ended."""
    columns = []
    for column in words:
        endless = itertools.cycle(column)
        columns.append([" ".join(itertools.islice(endless, length)) for _ in range(count)])
    return columns


def _record(name, signature, functions, columns):
    from tensorflow_serving.apis import prediction_log_pb2

    inputs = functions[SERVING_DEFAULT].structured_input_signature[1]
    columns = dict(zip(inputs, columns))
    record = prediction_log_pb2.PredictionLog()
    logs = {CLASSIFY: record.classify_log, REGRESS: record.regress_log}
    request = logs.get(signature, record.predict_log).request
    request.model_spec.name = name
    request.model_spec.signature_name = signature
    if signature in logs:
        examples = request.input.example_list.examples
        for row in zip(*columns.values()):
            feature = examples.add().features.feature
            for column, text in zip(columns, row):
                feature[column].bytes_list.value.append(text.encode())
    else:
        for column in functions[signature].structured_input_signature[1]:
            request.inputs[column].CopyFrom(tf.make_tensor_proto(columns[column], tf.string))
    return record
