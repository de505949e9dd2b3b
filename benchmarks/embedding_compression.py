"""Direction is what you need: does an autoencoder's table beat the SVD's of the same size?

    taskset -c 0 python benchmarks/embedding_compression.py BERT --shards SHARDS --glue GLUE \
        --work WORK

BERT is the directory of a masked LM (`eelbert pretrain --objective masked_lm`) that never read
the two shards held out. Its input table is factorised at each ratio by an autoencoder with the
paper's loss, by one with L2, and by SVD; the output matrix and all else stay. One shard chooses the
epoch of the autoencoders, the other measures perplexity, once a row; what is hidden is the same for
all. Then each preset (of seed 0) and BERT itself are fine-tuned on GLUE by the same recipe, both
factors of all methods learning.

Rows go to results/embedding_compression.json, .md and .png; presets and runs stay in WORK. A second
call goes on from there. An autoencoder of 30,522 x 256 takes a minute on one core, its perplexities
some more; the time is that of GLUE.
"""

import argparse
import functools
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import method_glue
from embedding_compression_table import ORIGINAL, key_of, write_plot, write_table
from provenance import provenance

LOSSES = ("cosine", "l2")
SVD = "svd"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bert", metavar="BERT", type=pathlib.Path)
    parser.add_argument("--shards", required=True)
    parser.add_argument(
        "--held-out",
        type=int,
        nargs=2,
        default=(-2, -1),
        metavar=("CHOOSING", "MEASURING"),
        help="shards that BERT never read, counted from the end where negative (default: -2 -1)",
    )
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--ratios", type=float, nargs="+", default=(2.5, 5.0, 10.0))
    parser.add_argument("--seeds", type=int, default=3, help="of the autoencoders")
    parser.add_argument("--epochs", type=int, default=30, help="of the autoencoders")
    parser.add_argument("--words", type=int, default=50_000, help="that measure perplexity")
    parser.add_argument("--choosing-words", type=int, default=5_000, help="that choose the epoch")
    method_glue.add_arguments(parser)
    parser.add_argument(
        "--results", type=pathlib.Path, default=pathlib.Path(__file__).parent / "results"
    )
    arguments = parser.parse_args()

    def write(results):
        write_table(results, arguments.results)
        write_plot(results, arguments.results)

    file = arguments.results / "embedding_compression.json"
    method_glue.fill(file, made_by(arguments), functools.partial(steps, arguments), write)


def steps(arguments, rows):
    """Fill what is missing in the rows; gives the name of each thing done."""
    measure = Measure(arguments)
    if ORIGINAL not in rows:
        rows[ORIGINAL] = measure.original()
        yield ORIGINAL
    for ratio in arguments.ratios:
        for method in (*LOSSES, SVD):
            for seed in range(1 if method == SVD else arguments.seeds):
                key = key_of(ratio, method, seed)
                if key not in rows:
                    rows[key] = measure.row(ratio, method, seed)
                    yield key
    if not arguments.glue:
        return
    presets = {ORIGINAL: arguments.bert}
    for method in (LOSSES[0], SVD, *LOSSES[1:]):  # what is claimed first
        for ratio in arguments.ratios:
            presets[key_of(ratio, method, 0)] = measure.preset(ratio, method, 0)
    for key, preset in presets.items():
        if method_glue.lacks(rows[key], arguments):
            rows[key]["glue"] = method_glue.glue(preset, arguments.work / "glue" / key, arguments)
            yield f"{key}: GLUE"


class Measure:
    """Makes compressed presets and measures them."""

    def __init__(self, arguments):
        from eelbert_tf.embedding_compression.autoencoder_method import perplexity_of_factors
        from eelbert_tf.embedding_compression.backbone import token_table
        from eelbert_tf.models.bert_directory import load_masked_lm
        from eelbert_tf.pretraining.perplexity import masked_batches
        from eelbert_tf.pretraining.shards import Shards

        self.arguments = arguments
        self.masked_lm = load_masked_lm(arguments.bert)
        self.table = token_table(self.masked_lm.backbone)
        shards = Shards(arguments.shards)
        choosing, self.measuring = (
            masked_batches(shards, self.masked_lm, [index % len(shards)], words)
            for index, words in zip(arguments.held_out, (arguments.choosing_words, arguments.words))
        )
        self.chosen_by = perplexity_of_factors(self.masked_lm, choosing)
        self.perplexity = perplexity_of_factors(self.masked_lm, self.measuring)

    def original(self):
        from eelbert_tf.pretraining.perplexity import Perplexity

        model = Perplexity(self.masked_lm.backbone, self.masked_lm, self.measuring)
        return {"perplexity": model(), "numbers_of_table": self.table.size}

    def row(self, ratio, method, seed):
        """Compress, save the preset, and measure."""
        from eelbert_tf.embedding_compression.backbone import with_factors
        from eelbert_tf.embedding_compression.factors import row_measures
        from eelbert_tf.embedding_compression.ranks import compression_ratio, rank_for
        from eelbert_tf.files import replaced

        rank = rank_for(*self.table.shape, ratio=ratio)
        factors, curve = self.factors(rank, method, seed)
        with replaced(self.preset(ratio, method, seed), overwrite=True) as directory:
            directory.mkdir()
            with_factors(self.masked_lm.backbone, factors).save_to_preset(str(directory))
            self.masked_lm.preprocessor.tokenizer.save_to_preset(str(directory))
        return {
            "rank": rank,
            "ratio": compression_ratio(*self.table.shape, rank),
            "perplexity": self.perplexity(factors),
            **row_measures(self.table, factors.table()),
            "numbers_of_table": sum(weight.size for weight in factors.weights),
            "epochs": curve,
        }

    def factors(self, rank, method, seed):
        from eelbert_tf.embedding_compression.autoencoder import (
            AutoencoderConfig,
            train_autoencoder,
        )
        from eelbert_tf.embedding_compression.losses import parse_loss
        from eelbert_tf.embedding_compression.svd import svd_factors

        if method == SVD:
            return svd_factors(self.table, rank), []
        config = AutoencoderConfig(parse_loss(method), epochs=self.arguments.epochs, seed=seed)
        curve = []
        factors = train_autoencoder(self.table, rank, config, self.chosen_by, report=curve.append)
        return factors, [{"loss": e["loss"], "perplexity": e["score"]} for e in curve]

    def preset(self, ratio, method, seed):
        return self.arguments.work / "presets" / key_of(ratio, method, seed)


def made_by(arguments):
    names = ("ratios", "seeds", "epochs", "words", "choosing_words", "held_out")
    names += method_glue.SETTINGS
    settings = {"bert": arguments.bert.name, **{name: getattr(arguments, name) for name in names}}
    return {
        **provenance(__file__),
        "settings": settings,
    }


if __name__ == "__main__":
    main()
