"""Every signature through the C++ loader that TensorFlow Serving is built on, beside Keras."""

import json

import numpy as np
import pytest
import tensorflow as tf

from tests import toy
from tests.serving.loader import Loader, LoaderError

TEXTS = [*toy.TEXTS, *toy.ODD_TEXTS]
PAIRS = [*toy.ODD_TEXTS, *toy.TEXTS]
INVALID_ARGUMENT = 3  # a TF_Code, and gRPC's


def example(**texts):
    """A serialized `tf.Example` of a feature for each text."""
    feature = {
        name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[text.encode()]))
        for name, text in texts.items()
    }
    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


def columns_of(name):
    return {"text": TEXTS, "text_pair": PAIRS} if name == "pair_classifier" else {"text": TEXTS}


def expected(task, columns):
    x = tuple(map(tf.constant, columns.values()))
    return toy.outputs(task, x if len(x) > 1 else x[0])


@pytest.mark.parametrize("name", ["classifier", "pair_classifier", "multi_label_classifier"])
def test_classes(name, served, request):
    task, loader, columns = request.getfixturevalue(name), served(name), columns_of(name)
    probabilities = task.activate(expected(task, columns))
    predicted = loader.run("serving_default", **columns)
    np.testing.assert_allclose(predicted["probabilities"], probabilities, atol=1e-5)
    labels = [label.encode() for label in task.labels]
    assert predicted["classes"].tolist() == [labels] * len(TEXTS)
    if name == "multi_label_classifier":
        assert set(predicted) == {"classes", "probabilities"}
    else:
        best = [labels[index] for index in probabilities.argmax(axis=1)]
        assert predicted["label"].tolist() == best
    rows = [example(**dict(zip(columns, row))) for row in zip(*columns.values())]
    classified = loader.run("classify", inputs=rows)
    np.testing.assert_array_equal(classified["scores"], predicted["probabilities"])
    assert classified["classes"].tolist() == predicted["classes"].tolist()


def test_scores(served, scorer):
    loader = served("scorer")
    scores = expected(scorer, {"text": TEXTS})[:, 0]
    np.testing.assert_allclose(
        loader.run("serving_default", text=TEXTS)["score"], scores, atol=1e-5
    )
    rows = [example(text=text) for text in TEXTS]
    np.testing.assert_allclose(loader.run("regress", inputs=rows)["outputs"], scores, atol=1e-5)


def test_embeddings(served, embedder):
    loader = served("embedder")
    for signature in ("serving_default", "embed"):
        vectors = loader.run(signature, text=TEXTS)["embedding"]
        np.testing.assert_allclose(vectors, expected(embedder, {"text": TEXTS}), atol=1e-5)


def test_names_and_methods(served):
    signatures = {}
    for name in ("pair_classifier", "scorer", "embedder"):
        for key, definition in served(name).meta_graph.signature_def.items():
            if definition.method_name:
                method = definition.method_name.removeprefix("tensorflow/serving/")
                names = (sorted(definition.inputs), sorted(definition.outputs))
                signatures[name, key] = (method, *names)
                for tensor, info in definition.inputs.items():
                    assert info.name == f"{key}_{tensor}:0"
    text, described = ["text"], ["description"]
    both, classes = ["text", "text_pair"], ["classes", "label", "probabilities"]
    assert signatures == {
        ("pair_classifier", "serving_default"): ("predict", both, classes),
        ("pair_classifier", "classify"): ("classify", ["inputs"], ["classes", "scores"]),
        ("pair_classifier", "describe"): ("predict", text, described),
        ("scorer", "serving_default"): ("predict", text, ["score"]),
        ("scorer", "regress"): ("regress", ["inputs"], ["outputs"]),
        ("scorer", "describe"): ("predict", text, described),
        ("embedder", "serving_default"): ("predict", text, ["embedding"]),
        ("embedder", "embed"): ("predict", text, ["embedding"]),
        ("embedder", "describe"): ("predict", text, described),
    }


def test_description(served, pair_classifier):
    answers = served("pair_classifier").run("describe", text=["", ""])["description"]
    assert answers[0] == answers[1]
    described = json.loads(answers[0])
    assert described["hash_version"] == pair_classifier.preprocessor.hash_config.version
    assert described["labels"] == ["no", "maybe", "yes"]
    assert (described["pair"], described["max_words"]) == (True, toy.MAX_WORDS)
    assert "preset" in described


BAD_REQUESTS = {
    "wrong dtype": ("serving_default", {"text": np.array([1, 2])}, "to be string"),
    "no example": ("classify", {"inputs": [b"\xff\xff"]}, "Could not parse example"),
    "no feature": ("classify", {"inputs": [example(words="a")]}, "Feature: text"),
    "a feature of another type": (
        "classify",
        {"inputs": [b"\n\x11\n\x0f\n\x04text\x12\x07\x1a\x05\n\x03\x01\x02\x03"]},
        "Data types don't match",
    ),
}


@pytest.mark.parametrize("bad", BAD_REQUESTS)
def test_a_bad_request_has_its_code_and_the_next_one_works(bad, served):
    signature, inputs, message = BAD_REQUESTS[bad]
    loader = served("classifier")
    before = loader.run("serving_default", text=TEXTS)
    with pytest.raises(LoaderError, match=message) as error:
        loader.run(signature, **inputs)
    assert error.value.code == INVALID_ARGUMENT
    after = loader.run("serving_default", text=TEXTS)
    np.testing.assert_array_equal(after["probabilities"], before["probabilities"])


def test_columns_of_different_length(served):
    with pytest.raises(LoaderError) as error:
        served("pair_classifier").run("serving_default", text=["a", "b"], text_pair=["c"])
    assert error.value.code == INVALID_ARGUMENT


def test_no_texts_have_no_answers(served):
    loader = served("classifier")
    for signature, name in (("serving_default", "text"), ("classify", "inputs")):
        answers = loader.run(signature, **{name: []})
        assert answers["classes"].shape == (0, 2)


def test_huge_requests(served):
    """A text is read up to its window; a batch is answered whatever its size."""
    loader = served("classifier")
    long = ["a fine film " * 833_333, "x" * 10_000_000, "é" * 5_000_000]
    start = [text[:1000] for text in long]
    np.testing.assert_array_equal(
        loader.run("serving_default", text=long)["probabilities"],
        loader.run("serving_default", text=start)["probabilities"],
    )
    many = loader.run("serving_default", text=toy.TEXTS * 417)["label"]
    assert many.tolist() == [label.encode() for label in toy.LABELS * 417]


def test_callers_at_once_get_all_answers_and_memory_stays(served):
    """`benchmarks/serving.py` does the same for 100,000 requests."""
    loader = served("classifier")
    requests = [loader.request("serving_default", text=[text] * 3) for text in toy.TEXTS]
    loader.load_test(requests, 4, 200)
    result = loader.load_test(requests, 4, 1000)
    assert (result.latencies > 0).all()
    assert result.seconds < result.latencies.sum()
    assert result.memory[-1] - result.memory[0] < 1e6


def test_an_error_under_load_is_told(served):
    loader = served("classifier")
    requests = [loader.request("classify", inputs=[row]) for row in (example(text="a"), b"\xff")]
    with pytest.raises(LoaderError, match="Could not parse example"):
        loader.load_test(requests, 2, 20)


def test_a_damaged_model_is_told(program, exported, tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"damaged")
    with pytest.raises(LoaderError, match="saved_model"):
        Loader(program, tmp_path)
