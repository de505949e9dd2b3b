"""A Keras model of nobody's: layers whose weights are laid out in different ways."""

import keras
import numpy as np

ROWS = 64


def any_model(run_eagerly=True, **changes):
    """Dense, EinsumDense, Embedding and Conv1D layers of toy sizes, compiled."""
    sizes = {"units": 48, "width": 32, **changes}
    numbers = keras.Input((6,), dtype="int32")
    x = keras.layers.Embedding(40, sizes["width"], name="table")(numbers)
    x = keras.layers.EinsumDense("abc,cde->abde", (6, 4, 8), bias_axes="de", name="heads")(x)
    x = keras.layers.EinsumDense("abcd,cde->abe", (6, sizes["width"]), name="joined")(x)
    x = keras.layers.Conv1D(16, 3, name="convolution")(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(sizes["units"], activation="tanh", name="wide")(x)
    x = keras.layers.Dense(3, name="small")(x)
    model = keras.Model(numbers, x)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss, run_eagerly=run_eagerly)
    return model


def data():
    random = np.random.default_rng(0)
    x = random.integers(0, 40, (ROWS, 6)).astype("int32")
    return x, x[:, 0] % 3


def fitted(*callbacks, model=None, epochs=1, **how):
    """The model, trained on eight batches an epoch."""
    keras.utils.set_random_seed(0)
    model = any_model() if model is None else model
    model.fit(*data(), batch_size=8, epochs=epochs, verbose=0, callbacks=list(callbacks), **how)
    return model


def pruned(model):
    """The model with every other number of its matrices 0; where they are, by path."""
    from eelbert_tf.compression.matrices import matrices

    zeros = {}
    for matrix in matrices(model):
        values = np.asarray(matrix.variable)
        zeros[matrix.path] = (np.arange(values.size) % 2 == 0).reshape(values.shape)
        matrix.variable.assign(np.where(zeros[matrix.path], 0.0, values))
    return zeros
