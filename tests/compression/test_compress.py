"""Tests of compressing a task while it trains on."""

import numpy as np
import pytest

from eelbert_tf.compression.compress import compress, load_for_compression, merge_segments
from eelbert_tf.compression.matrices import matrices
from eelbert_tf.compression.methods import METHODS, method_options
from eelbert_tf.data.examples import Examples
from eelbert_tf.errors import UserError
from eelbert_tf.export.code_points import code_point_function
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.litert import convert
from eelbert_tf.export.quantization import weight_operators
from eelbert_tf.export.row_codes import encode_rows
from eelbert_tf.runtimes.load import COMMAND_FILE
from tests import toy
from tests.compression.wide import wide_classifier

SETTINGS = {"epochs": 1, "batch_size": 8, "learning_rate": 1e-2, "verbose": 0}


def saved(task, folder, pair="false"):
    task.save_to_preset(str(folder / "preset"))
    (folder / COMMAND_FILE).write_text(f'{{"pair": {pair}}}')
    return folder


def test_trained_grid_is_that_of_the_tflite(examples):
    task = compress(wide_classifier(), False, examples, "qat", {"bits": 4}, **SETTINGS)
    assert task.backbone.segment_embedding.trainable
    words, characters = task.preprocessor.max_words, task.preprocessor.max_characters
    graph = Graph(convert(code_point_function(task, False, words, characters)))
    checked = 0
    for place in weight_operators(graph):
        operator = graph.operators[place]
        for index in operator.inputs:
            values = graph.constant(index)
            if values is not None and values.size >= 1024:
                rows = values.reshape(-1, values.shape[-1])
                once = np.prod(graph.shape(operator.outputs[0])[:-1]) == 1
                codes, scales = encode_rows(rows, 8 if once else 4)
                assert np.allclose(codes * scales[:, None], rows, rtol=1e-6, atol=0)
                checked += 1
    assert checked == len(matrices(task))  # positions and segments are one table


def test_segments_become_positions_without_changing_an_answer():
    task = wide_classifier()
    before = toy.outputs(task, toy.TEXTS)
    merge_segments(task.backbone)
    assert (np.asarray(task.backbone.segment_embedding.embeddings)[0] == 0).all()
    assert np.allclose(toy.outputs(task, toy.TEXTS), before, atol=1e-5)
    positions = np.asarray(task.backbone.position_embedding.weights[0])
    merge_segments(task.backbone)
    assert (np.asarray(task.backbone.position_embedding.weights[0]) == positions).all()


def test_a_trained_head_stays(examples, tmp_path):
    task = wide_classifier()
    loaded, pair = load_for_compression(saved(task, tmp_path), examples)
    assert not pair
    assert (toy.outputs(loaded, toy.TEXTS) == toy.outputs(task, toy.TEXTS)).all()


def test_an_encoder_gets_a_head_for_the_labels(examples, tmp_path):
    from eelbert_tf.models import EelbertTextEmbedder

    parts = wide_classifier()
    task = EelbertTextEmbedder(backbone=parts.backbone, preprocessor=parts.preprocessor)
    loaded, pair = load_for_compression(saved(task, tmp_path), examples)
    assert (loaded.labels, pair) == (["bad", "good"], False)
    for old, new in zip(task.backbone.weights, loaded.backbone.weights):
        assert (np.asarray(old) == np.asarray(new)).all()
    scores = Examples(toy.TEXTS, toy.TEXTS, [1.0] * len(toy.TEXTS), "scores.tsv")
    loaded, pair = load_for_compression(tmp_path, scores)
    assert (loaded.problem_type, pair) == ("regression", True)


def test_data_of_another_kind(examples, tmp_path):
    directory = saved(wide_classifier(), tmp_path)
    pairs = Examples(["a"], ["b"], ["good"], "pairs.tsv")
    with pytest.raises(UserError, match="takes single texts.*Received: pairs of texts in pairs"):
        load_for_compression(directory, pairs)
    unseen = Examples(["a", "b"], None, ["good", "ugly"], "other.tsv")
    with pytest.raises(UserError, match="Received in 1 of 2 rows of other.tsv: ugly."):
        load_for_compression(directory, unseen)


def test_every_method_has_defaults_and_refuses_the_options_of_others():
    assert method_options("prune", {"clusters": None})["sparsity"] is None
    assert method_options("cluster", {"clusters": 4}) == {"clusters": 4}
    assert method_options("qat", {}) == {"bits": 8}
    options = {option for method in METHODS.values() for option in method.options}
    for name, method in METHODS.items():
        for option in options - method.options.keys():
            flag = f"--{option.replace('_', '-')}"
            with pytest.raises(UserError, match=f"`{flag}` is for `--method .*--method {name}"):
                method_options(name, {option: 1})


def test_training_that_cannot_be(examples):
    for changes, message in (
        ({"epochs": 0}, "`epochs` must be at least 1"),
        ({"learning_rate": -1.0}, "`learning_rate` must be above 0"),
    ):
        with pytest.raises(UserError, match=message):
            compress(wide_classifier(), False, examples, "cluster", **{**SETTINGS, **changes})
