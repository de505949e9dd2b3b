"""Pretraining as ablations do it: one short run, and what it reported."""

import argparse
import pathlib


def parser(text):
    """The parser of a script that pretrains and scores on held-out rows; `text` is its help."""
    made = argparse.ArgumentParser(description=text)
    made.add_argument("--shards", required=True)
    made.add_argument("--targets", required=True)
    made.add_argument("--glue", required=True)
    made.add_argument("--work", type=pathlib.Path, required=True)
    return made


def pretrained(preset, out, arguments, **settings):
    """Pretrain a preset; returns all reports of its progress.

    Args:
        preset: name or directory to begin with.
        out: directory of the new preset, which is replaced.
        arguments: with `shards` and `targets`, directories.
        **settings: of `PretrainingConfig`.
    """
    from eelbert_tf.pretraining.config import PretrainingConfig
    from eelbert_tf.pretraining.pretrain import pretrain
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.teacher import Targets

    shards, reports = Shards(arguments.shards), []
    config, targets = PretrainingConfig(**settings), Targets(arguments.targets, shards)
    pretrain(shards, preset, out, config, targets, overwrite=True, report=reports.append)
    return reports


def words_of_pass(arguments):
    """The words that the teacher read."""
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.teacher import Targets

    shards = Shards(arguments.shards)
    indices = Targets(arguments.targets, shards).shards
    return sum(shards.manifest["shards"][index]["words"] for index in indices)
