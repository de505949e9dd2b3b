"""Holding out part of the examples, and what there is to know of their labels."""

import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from hashlib import blake2b

from eelbert_tf.data.examples import Examples
from eelbert_tf.errors import UserError

MINIMUM_ROWS = 10
SCORE_BINS = 5
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def stratified_holdout(
    examples: Examples, fraction: float = 0.1, seed: int = 0
) -> tuple[Examples, Examples]:
    """Splits examples into a training part and a held-out part.

    Each label gives about `fraction` of its rows (scores are taken in five bins of about equal
    size), and every label keeps a row to train on. Rows with equal texts are never in different
    parts. What is held out depends on the texts, the labels and the seed: not on the order of
    the rows, nor on the platform.

    Args:
        examples: at least 10 rows, with or without labels.
        fraction: the share to hold out, between 0 and 1.
        seed: another seed holds out other rows.

    Returns:
        `(train, held_out)`, each in the order of `examples`, without its skipped rows.

    Raises:
        UserError: for fewer than 10 rows, a fraction out of range, or when equal texts or
            classes of one row leave nothing to hold out.

    Example:
        >>> train, held_out = stratified_holdout(read_examples("films.tsv"), fraction=0.2)
    """
    if not 0 < fraction < 1:
        raise UserError(f"`fraction` must be between 0 and 1. Received: fraction={fraction}.")
    if len(examples) < MINIMUM_ROWS:
        raise UserError(
            f"Holding out needs at least {MINIMUM_ROWS} rows. {examples.source} has "
            f"{len(examples)}: give more rows, or a second file to evaluate on."
        )
    strata = _strata(examples.labels, len(examples))
    quotas = _quotas(Counter(strata), fraction, seed)

    groups = defaultdict(list)
    pairs = examples.text_pairs or [None] * len(examples)
    for index, text in enumerate(zip(examples.texts, pairs, strict=True)):
        groups[text].append(index)

    held_out = []
    for text in sorted(groups, key=lambda text: _digest(seed, *text)):
        counts = Counter(strata[index] for index in groups[text])
        if all(count <= quotas[stratum] for stratum, count in counts.items()):
            quotas.subtract(counts)
            held_out.extend(groups[text])
    if not held_out:
        raise UserError(
            f"Nothing of {examples.source} can be held out: its classes have too few different "
            "texts. Give more rows, or a second file to evaluate on."
        )
    train = sorted({*range(len(examples))}.difference(held_out))
    return examples.take(train), examples.take(sorted(held_out))


def label_names(labels: Sequence[str]) -> list[str]:
    """Gives the different labels, sorted: numbers by their value, then the others by name.

    Example:
        >>> label_names(["10", "2", "none", "2"])
        ['2', '10', 'none']
    """

    def key(name: str) -> tuple[int, float, str]:
        return (0, float(name), name) if NUMBER.fullmatch(name) else (1, 0.0, name)

    return sorted(set(labels), key=key)


def majority_share(labels: Sequence[str]) -> float:
    """Gives the share, 0 to 1, of the most frequent label: what a constant answer scores.

    Raises:
        UserError: when there are no labels.

    Example:
        >>> majority_share(["good", "bad", "good", "good"])
        0.75
    """
    if not labels:
        raise UserError("The majority share needs at least one label. Received: none.")
    return max(Counter(labels).values()) / len(labels)


def _strata(labels: list[str] | list[float] | None, size: int) -> list[str] | list[int]:
    """Gives the class of each row; for scores, the bin; without labels, one for all."""
    if labels is None:
        return [0] * size
    if isinstance(labels[0], str):
        return labels
    ordered = sorted(labels)
    edges = [ordered[size * number // SCORE_BINS] for number in range(1, SCORE_BINS)]
    return [bisect_right(edges, score) for score in labels]


def _quotas(sizes: Counter, fraction: float, seed: int) -> Counter:
    """Gives how many rows of each stratum to hold out: all but one of its rows at most.

    What rounding down leaves over goes to the strata that lost most by it, so that many small
    classes still give rows.
    """
    quotas = Counter({stratum: int(size * fraction) for stratum, size in sizes.items()})
    left_over = round(sizes.total() * fraction) - quotas.total()
    open_strata = [stratum for stratum in sizes if quotas[stratum] + 1 < sizes[stratum]]
    open_strata.sort(
        key=lambda stratum: (
            quotas[stratum] - sizes[stratum] * fraction,
            _digest(seed, stratum),
        )
    )
    for stratum in open_strata[: max(left_over, 0)]:
        quotas[stratum] += 1
    return quotas


def _digest(*parts: str | int | None) -> bytes:
    return blake2b(json.dumps(parts).encode(), digest_size=16).digest()
