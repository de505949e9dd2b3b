"""Bytes and speed of the encoders of benchmarks/decomposition.py."""

import pathlib
import tempfile

LENGTH = 64


def measured(bert, preset, repeats):
    """Encoder weights, bytes and speed of a preset, the last against the original."""
    import numpy as np
    from device_models import bert_on_ids, ids, runner
    from speed import seconds, side_by_side

    from eelbert_tf.decomposition.factors import EncoderFactors, EncoderShape
    from eelbert_tf.models.bert_directory import load_bert

    (original, _), (backbone, _) = load_bert(bert), load_bert(preset)
    shape = EncoderShape.of(backbone)
    factors = getattr(backbone, "encoder_factors", None)
    count = EncoderFactors(**factors).parameters(shape) if factors else shape.parameters
    row = {
        "encoder_factors": factors,
        "encoder_parameters": count,
        "encoder_ratio": shape.parameters / count,
        "parameters_without_table": backbone.count_params()
        - backbone.token_embedding.count_params(),
        "bytes": {},
    }
    models = {}
    for quantize in ("none", "int8"):
        models[quantize] = bert_on_ids(backbone, LENGTH, quantize)
        row["bytes"][quantize] = len(models[quantize])
    random = np.random.default_rng(0)
    for name, shape in (("batch", (32, 64)), ("single", (1, 32))):
        inputs = {
            "token_ids": random.integers(0, backbone.vocabulary_size, shape).astype("int32"),
            "padding_mask": np.ones(shape, "int32"),
            "segment_ids": np.zeros(shape, "int32"),
        }
        functions = [_compiled(model, inputs) for model in (backbone, original)]
        _, own, ratio = side_by_side(
            *(lambda f=f: seconds(lambda _: f(), range(3)) for f in reversed(functions)), repeats
        )
        row[f"keras_{name}"] = {"ms": 1e3 * own, "times_as_fast": ratio}
    with tempfile.TemporaryDirectory() as folder:
        for quantize, own_model in models.items():
            runs = []
            for name, model in (
                ("original", bert_on_ids(original, LENGTH, quantize)),
                ("own", own_model),
            ):
                file = pathlib.Path(folder) / f"{name}_{quantize}.tflite"
                file.write_bytes(model)
                runs.append(runner(file, **ids(LENGTH)))
            _, own, ratio = side_by_side(
                *(lambda f=f: seconds(lambda _: f(), range(20)) for f in runs), repeats
            )
            row[f"tflite_{quantize}"] = {"ms": 1e3 * own, "times_as_fast": ratio}
    return row


def _compiled(backbone, inputs):
    import tensorflow as tf

    function = tf.function(lambda: backbone(inputs, training=False)["pooled_output"])
    return lambda: function().numpy()
