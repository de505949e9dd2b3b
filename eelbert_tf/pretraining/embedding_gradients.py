"""Gradients of embedding tables on a GPU, on the JAX backend."""

import functools

import jax
import keras

FREQUENT_ROWS = 4096


def add_up_by_products(layers):
    """Let embedding layers add up the gradients of frequent rows by a product with one-hot vectors.

    Where many tokens share a row, as all share that of their segment, a GPU adds up their gradients
    one after the other, which can take longer than all else. The first rows of a table are taken
    for frequent, since vocabularies begin with special tokens and common words.

    Args:
        layers: list of Keras layers; those that are no `keras.layers.Embedding` stay as they are.
    """

    def changed(layer):
        own_call = layer.call

        def call(inputs, reverse=False):
            if reverse:  # KerasHub's `ReversibleEmbedding`, to logits
                return own_call(inputs, reverse=True)
            return _rows_of(layer.embeddings.value, inputs, layer.compute_dtype)

        layer.call = call

    for layer in layers:
        if isinstance(layer, keras.layers.Embedding):
            changed(layer)


@functools.partial(jax.custom_vjp, nondiff_argnums=(2,))
def _rows_of(table, index, dtype):
    return table[index].astype(dtype)


def _rows_forward(table, index, dtype):
    return _rows_of(table, index, dtype), (index, len(table))


def _rows_backward(dtype, saved, gradient):
    index, size = saved
    index, gradient = index.reshape(-1), gradient.reshape(index.size, -1)
    frequent = min(size, FREQUENT_ROWS)
    one_hot = jax.nn.one_hot(index, frequent, dtype=dtype, axis=0)
    sums = jax.lax.dot(one_hot, gradient, preferred_element_type="float32")
    if frequent < size:
        rare = index >= frequent
        # Frequent ones add 0 to rows all over the rest, so as not to queue up either.
        anywhere = jax.numpy.arange(len(index)) % (size - frequent)
        rows = jax.numpy.where(rare, index - frequent, anywhere)
        rest = jax.numpy.zeros((size - frequent, gradient.shape[1]), "float32")
        sums = jax.numpy.concatenate([sums, rest.at[rows].add(gradient * rare[:, None])])
    return sums, None


_rows_of.defvjp(_rows_forward, _rows_backward)
