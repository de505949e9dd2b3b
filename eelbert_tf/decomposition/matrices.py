"""The matrices of plain Transformer layers, and decomposed layers made of their factors."""

import numpy as np
from keras import ops

from eelbert_tf.errors import UserError


def stacked(layers, pieces):
    """The matrices of H x H of plain layers, one after the other.

    Of each layer: query, key, value, output of attention, the H to rH matrix cut into r side by
    side, the rH to H matrix cut into r below each other. Vectors are multiplied from the left.

    Args:
        layers: list of `keras_hub.layers.TransformerEncoder`.
        pieces: int, r.

    Returns:
        float32 `(matrices, H, H)`.
    """
    found = []
    for layer in layers:
        attention = layer._self_attention_layer
        width = attention._output_dense.kernel.shape[-1]
        for name in ("query", "key", "value", "output"):
            kernel = ops.convert_to_numpy(getattr(attention, f"_{name}_dense").kernel)
            found.append(kernel.reshape(width, width))
        inner = ops.convert_to_numpy(layer._feedforward_intermediate_dense.kernel)
        found += np.split(inner, pieces, axis=1)
        outer = ops.convert_to_numpy(layer._feedforward_output_dense.kernel)
        found += np.split(outer, pieces, axis=0)
    return np.stack(found)


def fill(layers, plain, product):
    """Give decomposed layers the factors of plain ones, and their biases and normalizations.

    Args:
        layers: list of `DecomposedTransformerEncoder`, changed in place.
        plain: list of the layers that were decomposed.
        product: `Product` of the matrices of all.
    """
    if layers[0].shared is not None:
        layers[0].shared.left_kernel.assign(product.left)
        layers[0].shared.right_kernel.assign(product.right)
        if product.bank is not None:
            layers[0].shared.bank.assign(product.bank)
    start = 0
    for layer, source in zip(layers, plain):
        attention, theirs = layer._self_attention_layer, source._self_attention_layer
        biases = [getattr(theirs, f"_{name}_dense").bias for name in ("query", "key", "value")]
        for dense, bias in (
            (attention.query_key_value, np.concatenate([np.ravel(b) for b in biases])),
            (attention.output_dense, theirs._output_dense.bias),
            (layer._feedforward_intermediate_dense, source._feedforward_intermediate_dense.bias),
            (layer._feedforward_output_dense, source._feedforward_output_dense.bias),
        ):
            stop = start + dense.input_pieces * dense.output_pieces
            _fill_dense(dense, product, range(start, stop))
            dense.bias.assign(bias)
            start = stop
        for name in ("_self_attention_layer_norm", "_feedforward_layer_norm"):
            getattr(layer, name).set_weights(getattr(source, name).get_weights())


def _fill_dense(dense, product, places):
    if dense.shared is None:
        for piece, j in enumerate(places):
            dense.left_kernels[piece].assign(product.left[j])
            dense.square_kernels[piece].assign(product.squares[j])
            dense.right_kernels[piece].assign(product.right[j])
    elif product.bank is None:
        beside = dense.output_pieces > 1
        squares = [product.squares[j] for j in places]
        dense.square_kernel.assign(np.concatenate(squares, axis=int(beside)))
    else:
        dense.shares.assign(product.shares[places.start : places.stop])


def check_plain(layers):
    """Raise where layers have no matrices of their own.

    Raises:
        UserError: they are decomposed already.
    """
    if not all(hasattr(layer, "_self_attention_layer") for layer in layers) or any(
        hasattr(layer, "rank") for layer in layers
    ):
        raise UserError(
            "The encoder must have plain Transformer layers. Received: one that is decomposed "
            "already. Decompose the encoder that it was made of."
        )
