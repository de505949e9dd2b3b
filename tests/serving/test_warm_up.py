"""Tests of warm-up requests: read by TensorFlow Serving's own messages, and run as it does."""

import pytest
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from eelbert_tf.export.serving.warm_up import FILE, warm_up_records

SIGNATURES = {
    "mood": ["classify", "describe", "serving_default"],
    "likeness": ["describe", "regress", "serving_default"],
    "vectors": ["describe", "embed", "serving_default"],
}
LENGTHS, BATCHES = (4, 16, 64, 128), (1, 8, 64)


def records_of(path):
    records = tf.data.TFRecordDataset(str(path / FILE)).as_numpy_iterator()
    return [prediction_log_pb2.PredictionLog.FromString(record) for record in records]


@pytest.mark.parametrize("name", SIGNATURES)
def test_records_run(name, models, stand_in):
    records = records_of(models[name])
    answered = set()
    for record in records:
        kind = record.WhichOneof("log_type")
        request = getattr(record, kind).request
        assert request.model_spec.name == name
        method = {"classify_log": stand_in.classify, "regress_log": stand_in.regress}
        response = method.get(kind, stand_in.predict)(request)
        answered.add(response.model_spec.signature_name)
    assert sorted(answered) == SIGNATURES[name]
    assert len(records) == len(LENGTHS) * len(BATCHES) + 2 < 1000  # what a server reads at most


def test_lengths_and_batches(models):
    shapes = set()
    for record in records_of(models["likeness"]):
        request = record.predict_log.request
        if request.model_spec.signature_name == "serving_default":
            texts, pairs = (tf.make_ndarray(request.inputs[name]) for name in ("text", "text_pair"))
            assert not (texts == pairs).all()
            (length,) = {len(text.split()) for text in (*texts, *pairs)}
            assert len(set(texts)) == len(texts) == len(pairs)
            shapes.add((length, len(texts)))
    assert shapes == {(length, batch) for length in LENGTHS for batch in BATCHES}


def test_texts_of_ones_own():
    one_text = tf.TensorSpec([None], tf.string, name="text")
    function = tf.function(lambda **texts: texts["text"]).get_concrete_function(text=one_text)
    functions = dict.fromkeys(("serving_default", "classify", "describe"), function)
    records = list(warm_up_records("name", functions, [["one two", "three"]], max_words=6))
    texts = records[1].predict_log.request.inputs["text"].string_val
    assert list(texts[:2]) == [b"one two three one", b"two three one two"]
    assert len(records) == 2 * len(BATCHES) + 2
    assert records[-1].predict_log.request.model_spec.signature_name == "describe"
    feature = records[-2].classify_log.request.input.example_list.examples[0].features.feature
    assert feature["text"].bytes_list.value == [b"one two three one"]
