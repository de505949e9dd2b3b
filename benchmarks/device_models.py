"""The `.tflite` files that `device.py` compares."""

import numpy as np

WINDOW = 64  # words


def exported(task, name, folder):
    """The `.tflite` of each way to store weights, the card inside."""
    from eelbert_tf.export.litert import export_litert
    from eelbert_tf.export.modes import QUANTIZATIONS
    from eelbert_tf.shipped_presets import model_directory

    card = (model_directory(name) / "README.md").read_text(encoding="utf-8")
    files = {quantize: folder / f"{quantize}.tflite" for quantize in QUANTIZATIONS}
    for quantize, file in files.items():
        export_litert(task, file, max_words=WINDOW, quantize=quantize, card=card)
    return files


def row(text, words=WINDOW):
    from eelbert_tf.hashing.code_points import to_code_points

    return to_code_points([text], 8 * words)


def runner(file, **inputs):
    """A function that computes once, its inputs set."""
    from eelbert_tf.runtimes.litert_runtime import interpreter

    model = interpreter(file, threads=1)
    for detail in model.get_input_details():
        (value,) = [value for name, value in inputs.items() if name in detail["name"]]
        model.set_tensor(detail["index"], value)
    return model.invoke


def hashing(task, folder):
    """A `.tflite` from code points to word vectors: hash and pooling alone."""
    import tensorflow as tf

    from eelbert_tf.export.litert import convert
    from eelbert_tf.hashing.code_points import encoder_inputs

    config = task.preprocessor.hash_config

    def vectors(code_points):
        return {"vectors": encoder_inputs(code_points, None, config, WINDOW)["word_vectors"]}

    spec = tf.TensorSpec([1, 8 * WINDOW], tf.int32, name="code_points")
    file = folder / "hash.tflite"
    file.write_bytes(convert(tf.function(vectors).get_concrete_function(code_points=spec)))
    return file


def ids(length):
    names = ("token_ids", "padding_mask", "segment_ids")
    return {name: np.ones((1, length), "int32") for name in names}


def bert_tiny(length, folder):
    """KerasHub's BERT-tiny with two classes, random weights, int8."""
    import keras
    import keras_hub

    file = folder / f"bert_tiny_{length}.tflite"
    if file.exists():
        return file
    keras.utils.set_random_seed(0)
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=30522, num_layers=2, num_heads=2, hidden_dim=128, intermediate_dim=512
    )
    file.write_bytes(bert_on_ids(backbone, length, "int8"))
    return file


def bert_on_ids(backbone, length, quantize):
    """The bytes of a `.tflite` of a BERT with two classes, from token ids to probabilities."""
    import keras
    import tensorflow as tf

    from eelbert_tf.export.litert import convert

    head = keras.layers.Dense(2, activation="softmax")
    model = keras.Model(backbone.input, head(backbone.output["pooled_output"]))

    def answer(token_ids, padding_mask, segment_ids):
        inputs = {
            "token_ids": token_ids,
            "padding_mask": padding_mask,
            "segment_ids": segment_ids,
        }
        return {"probabilities": model(inputs, training=False)}

    specs = {name: tf.TensorSpec([1, length], tf.int32, name=name) for name in ids(length)}
    return convert(tf.function(answer).get_concrete_function(**specs), quantize)
