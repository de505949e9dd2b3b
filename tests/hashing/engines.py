"""The engines of the hash with one signature, to compare them: texts to vectors of their words.

An engine is a function from a list of `str` or `bytes` to a list of float32 arrays
`(words, dim)`. Each is made, traced or converted once for its settings and window.
"""

import functools
import tempfile

import numpy as np

from eelbert_tf.hashing import reference
from eelbert_tf.hashing.code_points import hash_code_points, to_code_points

LITERT_BATCH = 32
JAX_BATCH = 512


def plain_python(config, max_characters):
    def engine(texts):
        return [
            np.array(
                [reference.vector(word, config) for word in reference.words(text, max_characters)],
                "float32",
            ).reshape(-1, config.dim)
            for text in texts
        ]

    return engine


@functools.cache
def tensorflow_strings(config, max_characters):
    import tensorflow as tf

    from eelbert_tf.hashing.strings import hash_text

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def traced(text):
        hashed = hash_text(text, config, max_characters)
        return tf.gather(hashed.table, hashed.rows), hashed.starts, hashed.counts

    def engine(texts):
        vectors, starts, counts = (x.numpy() for x in traced(tf.constant(texts, tf.string)))
        return [vectors[start : start + count] for start, count in zip(starts, counts, strict=True)]

    return engine


@functools.cache
def tensorflow_code_points(config, max_characters):
    function = _code_point_function(config, max_characters, batch=None)

    def engine(texts):
        output = function(to_code_points(texts, max_characters))
        return _cut(output["vectors"].numpy(), output["counts"].numpy())

    return engine


@functools.cache
def litert(config, max_characters):
    import tensorflow as tf
    from ai_edge_litert.interpreter import Interpreter

    module = tf.Module()
    module.function = _code_point_function(config, max_characters, LITERT_BATCH)
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures=module.function)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
        model = converter.convert()
    interpreter = Interpreter(model_content=model)
    runner = interpreter.get_signature_runner()

    def engine(texts):
        points = to_code_points(texts, max_characters)
        points = np.pad(points, ((0, -len(texts) % LITERT_BATCH), (0, 0)))
        outputs = [
            runner(code_points=points[row : row + LITERT_BATCH])
            for row in range(0, len(points), LITERT_BATCH)
        ]
        vectors = [vectors for output in outputs for vectors in output["vectors"]]
        counts = [count for output in outputs for count in output["counts"]]
        return _cut(vectors[: len(texts)], counts[: len(texts)])

    return engine


@functools.cache
def jax_code_points(config, max_characters):
    """Under the JAX backend of Keras, where another batch size would be compiled again."""
    import jax

    function = jax.jit(lambda points: hash_code_points(points, config, max_characters)[::2])

    def engine(texts):
        points = to_code_points(texts, max_characters)
        points = np.pad(points, ((0, JAX_BATCH - len(points)), (0, 0)))
        vectors, counts = (np.asarray(array)[: len(texts)] for array in function(points))
        return _cut(vectors, counts)

    return engine


def _code_point_function(config, max_characters, batch):
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec([batch, max_characters], tf.int32, "code_points")])
    def traced(code_points):
        vectors, _, counts = hash_code_points(code_points, config, max_words=max_characters)
        return {"vectors": vectors, "counts": counts}

    return traced


def _cut(vectors, counts):
    return [rows[:count] for rows, count in zip(vectors, counts, strict=True)]
