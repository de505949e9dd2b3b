"""What `hash_quality.py` measures: collisions, correlation of dimensions, similarity of words."""

import collections
import random

import numpy as np

from eelbert_tf.hashing import reference, vectors
from eelbert_tf.hashing import specification as spec
from eelbert_tf.hashing.distinct_words import hash_words

SEED = 0
SAMPLED_PAIRS = 20_000
CONFIGS = {kind: spec.HashConfig(128, kind=kind) for kind in ("ngram", "random")}
INFLECTED = """
walk walking|walk walked|walk walks|play playing|play played|run running|run runs|go going
make making|make makes|write writing|write written|take taken|take taking|see seeing
think thinking|begin beginning|stop stopped|carry carried|study studies|study studying|try tried
fly flies|live lived|live living|cat cats|dog dogs|house houses|city cities|baby babies|box boxes
church churches|leaf leaves|wife wives|child children|man men|woman women|mouse mice|foot feet
analysis analyses|nation national|nation nations|big bigger|big biggest|happy happier
happy happily|happy happiness|happy unhappy|quick quickly|slow slower|large largest|nice nicest
beauty beautiful|care careful|care careless|hope hopeful|friend friends|friend friendly
friend friendship|teach teacher|read reader|read readable|act action|act actor|govern government
develop development|possible impossible|possible possibly|certain certainly|certain uncertain
music musical|music musician|science scientist|science scientific|art artist|electric electricity
organize organization|color colors|color colorful|france french|italy italian
"""


def measure(words):
    tables = {kind: hash_words(words, config) for kind, config in CONFIGS.items()}
    trigrams = [trigrams_of(word) for word in words]
    keys = {f"{kind} vectors": map(bytes, table) for kind, table in tables.items()}
    keys["word signatures"] = (reference.word_signature(list(map(ord, word))) for word in words)
    return {
        "equal_pairs": {name: equal_pairs(key, words, trigrams) for name, key in keys.items()},
        "equal_pairs_by_chance": pairs(len(words)) / 2**32,
        "ngrams": ngram_quality({gram for grams in trigrams for gram in grams}),
        "words": {kind: dimension_quality(table) for kind, table in tables.items()},
        "ngram_words_by_chance": dimension_quality(truly_random_vectors(words)),
        "similarity": {kind: similarity(words, config) for kind, config in CONFIGS.items()},
    }


def trigrams_of(word):
    marked = [spec.START_MARK, *map(ord, word), spec.END_MARK]
    return tuple(sorted(zip(marked, marked[1:], marked[2:])))


def pairs(count):
    return count * (count - 1) // 2


def equal_pairs(keys, words, trigrams):
    """How many pairs of words have one key, and how many of these consist of other trigrams."""
    groups = collections.defaultdict(list)
    for number, key in enumerate(keys):
        groups[key].append(number)
    groups = [group for group in groups.values() if len(group) > 1]
    total = sum(pairs(len(group)) for group in groups)
    alike = [collections.Counter(trigrams[number] for number in group) for group in groups]
    return {
        "pairs": total,
        "of_other_trigrams": total - sum(pairs(n) for counts in alike for n in counts.values()),
        "examples": [[words[number] for number in group] for group in groups[:5]],
    }


def ngram_quality(trigrams):
    """Collisions and correlation on the distinct n-grams of each order."""
    columns = np.array(sorted(trigrams), "int32").T
    config = CONFIGS["ngram"]
    ends = np.cumsum(config.dimensions_of_orders)
    result = {}
    for order, end, size in zip((1, 2, 3), ends, config.dimensions_of_orders):
        window = columns.copy()
        # What this order does not read.
        window[{1: [0, 2], 2: [0], 3: []}[order]] = 0
        window = list(np.unique(window, axis=1))
        values = np.concatenate(
            [
                np.array(vectors.ngram_values([column[i : i + 4096] for column in window], config))
                for i in range(0, len(window[0]), 4096)
            ]
        )[:, end - size : end]
        low_bits = np.array(vectors.signatures(window, order)) % 2**24
        result[order] = {
            "distinct": len(values),
            "equal_pairs": sum(pairs(int(n)) for n in np.unique(low_bits, return_counts=True)[1]),
            "equal_pairs_by_chance": pairs(len(values)) / 2**24,
            **dimension_quality(values / spec.VALUE_SCALE),
        }
    return result


def dimension_quality(table):
    """Mean and spread of the elements; the correlation of each two dimensions, and chance's."""
    rows, dim = table.shape
    centred = table - table.mean(axis=0)
    deviation = centred.std(axis=0)
    correlation = (centred.T @ centred / rows / np.outer(deviation, deviation)).astype("float64")
    correlation = correlation[np.triu_indices(dim, 1)]
    return {
        "mean": float(table.mean()),
        "standard_deviation": float(table.std()),
        "correlation_rms": float(np.sqrt(np.mean(correlation**2))),
        "correlation_rms_by_chance": rows**-0.5,
        "correlation_max": float(np.abs(correlation).max()),
        "correlation_max_by_chance": float(np.sqrt(2 * np.log(2 * len(correlation)) / rows)),
    }


def truly_random_vectors(words):
    """What n-gram pooling gives if each n-gram's values are drawn instead of hashed."""
    source = np.random.default_rng(SEED)
    texts = np.array([ord(letter) for word in words for letter in f"\2{word}\3"], "int64")
    lengths = np.array([len(word) for word in words])
    inside = np.ones(len(texts), bool)
    ends = np.cumsum(lengths + 2)
    inside[ends - 1] = inside[ends - lengths - 2] = False
    places, starts = np.flatnonzero(inside), np.cumsum(lengths) - lengths
    columns = []
    for order, size in enumerate(CONFIGS["ngram"].dimensions_of_orders, start=1):
        first = places - (order - 1) // 2
        keys = sum(texts[first + step] << 21 * step for step in range(order))
        _, index = np.unique(keys, return_inverse=True)
        for _ in range(size):
            values = source.uniform(-1, 1, index.max() + 1).astype("float32")
            columns.append(np.add.reduceat(values[index], starts) / lengths)
    return np.stack(columns, axis=1)


def similarity(words, config):
    """Cosines of related words, and how well they stand out from those of any two words."""
    source = random.Random(SEED)
    drawn = [source.choices(words, k=SAMPLED_PAIRS) for _ in range(2)]
    plain = [word for word in words if len(word) >= 4 and word.isascii() and word.isalpha()]
    plain = source.sample(plain, SAMPLED_PAIRS)
    inflected = [pair.split() for pair in INFLECTED.replace("\n", "|").split("|") if pair]
    related = {
        "inflected forms": list(zip(*inflected)),
        "one typing error": [plain, [with_typing_error(word, source) for word in plain]],
    }
    unrelated = cosines(*drawn, config)
    result = {"any two words": summary(unrelated)}
    for name, sides in related.items():
        values = cosines(*map(list, sides), config)
        result[name] = {**summary(values), "roc_auc": area_under_curve(values, unrelated)}
    return result


def with_typing_error(word, source):
    """The word with a letter too few, too many or wrong, or with two letters swapped."""
    letter, place = source.choice("abcdefghijklmnopqrstuvwxyz"), source.randrange(len(word) - 1)
    before, after = word[:place], word[place + 1 :]
    made = source.choice(
        [before + after, before + letter + word[place:], before + letter + after]
        + [before + word[place + 1] + word[place] + after[1:]]
    )
    return made if made != word else with_typing_error(word, source)


def cosines(first, second, config):
    first, second = hash_words(first, config), hash_words(second, config)
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return (first * second).sum(axis=1) / lengths


def summary(values):
    return {
        "pairs": len(values),
        "mean": float(values.mean()),
        "standard_deviation": float(values.std()),
    }


def area_under_curve(positive, negative):
    from sklearn.metrics import roc_auc_score

    labels = np.repeat([1, 0], [len(positive), len(negative)])
    return float(roc_auc_score(labels, np.concatenate([positive, negative])))
