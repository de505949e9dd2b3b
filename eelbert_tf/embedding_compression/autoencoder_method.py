"""`eelbert compress --method autoencoder`."""

import dataclasses
import time

from eelbert_tf.embedding_compression.autoencoder import AutoencoderConfig, train_autoencoder
from eelbert_tf.embedding_compression.backbone import token_table, with_factors
from eelbert_tf.embedding_compression.losses import parse_loss
from eelbert_tf.embedding_compression.ranks import rank_for
from eelbert_tf.models.bert_directory import load_masked_lm
from eelbert_tf.pretraining.corpus_shards import corpus_shards
from eelbert_tf.pretraining.perplexity import Perplexity, masked_batches
from eelbert_tf.training.trainer import Progress

# Words on which epochs are compared: some seconds for a small BERT.
SCORED_WORDS = 10_000


def compress(
    source,
    run,
    *,
    rank=None,
    ratio=None,
    loss="cosine",
    data=None,
    seed=0,
    report=None,
    **settings,
):
    """A BERT whose token table is the decoder and the latent table of an autoencoder.

    See `compress_preset`. With `data`, a corpus or shards, the epoch of the lowest perplexity is
    kept; it needs the head of a masked LM in the source's directory.
    """
    table = token_table(source.backbone)
    rank = rank_for(*table.shape, rank, ratio)
    config = AutoencoderConfig(loss=parse_loss(loss), seed=seed, **settings)
    score = None
    if data is not None:
        masked_lm = load_masked_lm(source.directory)
        shards = corpus_shards([data], run / "shards")
        batches = masked_batches(shards, masked_lm, words=SCORED_WORDS, seed=seed)
        score = perplexity_of_factors(masked_lm, batches)
    run.mkdir(parents=True, exist_ok=True)
    progress = report and _reporter(report, len(table))
    factors = train_autoencoder(table, rank, config, score, run, progress)
    return dataclasses.replace(source, backbone=with_factors(source.backbone, factors))


def perplexity_of_factors(masked_lm, batches):
    """A function of `Factors`: the perplexity with these in place of the input table.

    Args:
        masked_lm: `keras_hub.models.BertMaskedLM`, whose output matrix stays.
        batches: of `masked_batches`.
    """
    made = {}

    def perplexity(factors):
        shape = (factors.rank, factors.activation)
        if shape not in made:
            backbone = with_factors(masked_lm.backbone, factors)
            made[shape] = backbone, Perplexity(backbone, masked_lm, batches)
        backbone, measure = made[shape]
        backbone.token_embedding.set_weights(factors.weights)
        return measure()

    return perplexity


def _reporter(report, rows):
    """From what `train_autoencoder` reports to a `Progress`."""
    begun = time.monotonic()
    first = []

    def progress(record):
        first.append(record["epoch"])
        seconds = (time.monotonic() - begun) / (record["epoch"] - first[0] + 1)
        losses = {"loss": record["loss"]}
        if "score" in record:
            losses["perplexity"] = record["score"]
        left = (record["epochs"] - record["epoch"]) * seconds
        report(Progress(record["epoch"], record["epochs"], losses, rows / seconds, left))

    return progress
