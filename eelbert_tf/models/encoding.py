"""Runs an encoder over sequences, the two texts of a pair together or each by itself."""

from keras import ops


def encoded(backbone, cross_attention=True):
    """The symbolic output of a backbone on its inputs.

    Args:
        backbone: `EelbertBackbone` or `CompactBertBackbone`.
        cross_attention: bool. Whether the words of a pair's texts see each other. An encoder that
            was pretrained on single texts knows no other: without, each text is read as it was
            then, and the head compares them (as Sentence-BERT does, arXiv 1908.10084).

    Returns:
        float `(batch, sequence, hidden_dim)`.
    """
    inputs = backbone.input
    if cross_attention:
        outputs = backbone(inputs)
        return outputs["sequence_output"] if isinstance(outputs, dict) else outputs
    segments = inputs["segment_ids"]
    same_text = ops.equal(segments[:, :, None], segments[:, None, :])
    x = backbone.get_layer("embeddings_dropout").output
    for layer in backbone.transformer_layers:
        x = layer(x, padding_mask=inputs["padding_mask"], attention_mask=same_text)
    return x


def word_vectors(backbone):
    """The symbolic vectors of words before positions and segments are added.

    Args:
        backbone: `EelbertBackbone` or `CompactBertBackbone`.

    Returns:
        float `(batch, sequence, hidden_dim)`.
    """
    words, _positions, _segments, *buckets = backbone.get_layer("embeddings_add").input
    return ops.add(words, buckets[0]) if buckets else words
