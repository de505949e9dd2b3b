"""`eelbert compress --method svd`."""

import dataclasses

from eelbert_tf.embedding_compression.backbone import token_table, with_factors
from eelbert_tf.embedding_compression.ranks import rank_for
from eelbert_tf.embedding_compression.svd import svd_factors


def compress(source, run, *, rank=None, ratio=None, data=None, seed=0, report=None):
    """A BERT whose token table is its truncated SVD; see `compress_preset`."""
    table = token_table(source.backbone)
    factors = svd_factors(table, rank_for(*table.shape, rank, ratio))
    return dataclasses.replace(source, backbone=with_factors(source.backbone, factors))
