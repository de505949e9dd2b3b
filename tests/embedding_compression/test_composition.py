"""A table in factors and an encoder in factors: either first, the same model."""

import numpy as np

from eelbert_tf.compression.compress_preset import compress_preset
from eelbert_tf.models.bert_directory import load_bert
from eelbert_tf.models.compact_bert_backbone import CompactBertBackbone


def test_table_and_encoder_in_either_order(bert, tmp_path):
    table, encoder = ("svd", {"rank": 5}), ("decompose", {"protocol": "II", "rank": 4})
    backbones = []
    for name, steps in (("first", (table, encoder)), ("second", (encoder, table))):
        source = bert
        for number, (method, options) in enumerate(steps):
            compress_preset(source, method, options, out=tmp_path / f"{name}{number}")
            source = tmp_path / f"{name}{number}"
        backbones.append(load_bert(source)[0])
    first, second = backbones
    assert isinstance(first, CompactBertBackbone)
    assert first.token_rank == second.token_rank == 5
    assert first.get_config()["encoder_factors"] == second.get_config()["encoder_factors"]
    x = {name: np.ones((1, 4), "int32") for name in first.input}
    np.testing.assert_allclose(first(x)["sequence_output"], second(x)["sequence_output"], atol=1e-4)
    assert first.count_params() == second.count_params()
