"""A BERT with factors in place of its token table."""

import keras_hub
import numpy as np

from eelbert_tf.embedding_compression.other_backbones import (
    OTHER_BACKBONES,
    is_other,
    rebuilt_with_factors,
)
from eelbert_tf.errors import UserError
from eelbert_tf.layers.factorized_embedding import FactorizedEmbedding
from eelbert_tf.models.compact_bert_backbone import CompactBertBackbone
from eelbert_tf.models.eelbert_backbone import EelbertBackbone

_BERTS = (keras_hub.models.BertBackbone, CompactBertBackbone)


def token_table(backbone):
    """The token vectors of a BERT: float32 `(vocabulary, hidden_dim)`, NumPy.

    Args:
        backbone: `keras_hub.models.BertBackbone`, `CompactBertBackbone`, or one of
            `other_backbones.OTHER_BACKBONES`.

    Raises:
        UserError: it is of another class, or has no such table.
    """
    if isinstance(backbone, EelbertBackbone):
        raise UserError(
            "An EELBERT has no token table to compress: it computes the vectors of words from "
            "hashes and stores none. Received: EelbertBackbone. Give a BERT, or make an EELBERT "
            "smaller by `--method prune`, `cluster` or `qat`."
        )
    if not isinstance(backbone, _BERTS) and not is_other(backbone):
        known = ", ".join([*(kind.__name__ for kind in _BERTS), *OTHER_BACKBONES])
        raise UserError(f"`backbone` must be one of {known}. Received: {type(backbone).__name__}.")
    layer = backbone.token_embedding
    if isinstance(layer, FactorizedEmbedding):
        return layer.table()
    return np.asarray(layer.embeddings, "float32")


def with_factors(backbone, factors):
    """A copy of a BERT whose token table is factorised; its other weights are the same.

    All factors, whoever made them, learn in fine-tuning; see `freeze_factors`.

    Args:
        backbone: as of `token_table`.
        factors: `Factors`.

    Returns:
        `CompactBertBackbone`; of another class than BERT's, see `rebuilt_with_factors`.

    Example:

    ```python
    factors = svd_factors(token_table(backbone), rank=64)
    small = with_factors(backbone, factors)
    ```
    """
    if is_other(backbone):
        return rebuilt_with_factors(backbone, factors)
    compact = CompactBertBackbone.from_bert(
        backbone, token_rank=factors.rank, token_activation=factors.activation
    )
    compact.token_embedding.set_weights(factors.weights)
    return compact


def freeze_factors(backbone, decoder=True):
    """Keep the factors of a token table as they are in fine-tuning; call it before `compile`.

    The paper's comparison froze both factors of the SVD, and the latent table alone of the
    autoencoder: `freeze_factors(svd)` against `freeze_factors(autoencoder, decoder=False)`. Where
    both are free, or both frozen, the comparison is fair.

    Args:
        backbone: what `with_factors` gave; changed in place.
        decoder: bool. Whether the decoder, too, is frozen.

    Raises:
        UserError: its token table is not factorised.
    """
    layer = backbone.token_embedding
    if not isinstance(layer, FactorizedEmbedding):
        raise UserError(
            "Factors can be frozen where the token table is factorised. Received: a whole table. "
            "Compress it first."
        )
    layer.embeddings.trainable = False
    layer.kernel.trainable = layer.bias.trainable = not decoder
