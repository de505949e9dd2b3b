"""The encoder of a trained BERT as the start of an EELBERT of the same shape, as in the paper."""

from eelbert_tf.errors import UserError


def warm_start(backbone, bert):
    """Copy all weights but the token table's, in place.

    Args:
        backbone: `EelbertBackbone`.
        bert: `keras_hub.models.BertBackbone`, or another `EelbertBackbone`.

    Raises:
        UserError: the shapes differ.

    Example:

    ```python
    bert = keras_hub.models.BertBackbone.from_preset("bert_tiny_en_uncased")
    warm_start(EelbertBackbone.from_preset("eelbert_tiny"), bert)
    ```
    """
    names = ["position_embedding", "segment_embedding", "embeddings_layer_norm"]
    names += [f"transformer_layer_{index}" for index in range(backbone.num_layers)]
    if bert.num_layers != backbone.num_layers:
        raise UserError(
            "Warm start needs a BERT of the same shape. Received: "
            f"{bert.num_layers} layers for an encoder of {backbone.num_layers}."
        )
    pairs = [(name, backbone.get_layer(name), bert.get_layer(name)) for name in names]
    for name, own, theirs in pairs:  # all are compared before any changes
        shapes = [[tuple(w.shape) for w in layer.weights] for layer in (own, theirs)]
        if shapes[0] != shapes[1]:
            raise UserError(
                f"Warm start needs a BERT of the same shape. Received: {shapes[1]} in {name} for "
                f"an encoder of {shapes[0]}."
            )
    for _, own, theirs in pairs:
        own.set_weights(theirs.get_weights())
