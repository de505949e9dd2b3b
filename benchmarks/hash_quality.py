"""How good the hash is: collisions, correlation of dimensions, similarity of related words.

    python benchmarks/hash_quality.py --corpus ../shared/data/pretrain/wikipedia-*.txt.xz

Reads text until it has met enough distinct words, then compares the hash's vectors (version 1,
dim 128, seed 0) with what chance would give. Writes results/hash_quality.json and .md. About a
minute on one core.
"""

import argparse
import collections
import gzip
import json
import lzma
import os
import pathlib
import time

from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
OPENERS = {".xz": lzma.open, ".gz": gzip.open}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    source = arguments.add_mutually_exclusive_group(required=True)
    source.add_argument("--corpus", nargs="+", type=pathlib.Path, help="text, .xz or .gz of it")
    source.add_argument("--words", type=pathlib.Path, help="a word a line")
    arguments.add_argument("--distinct_words", type=int, default=300_000)
    arguments = arguments.parse_args()
    from hash_measures import SEED, measure

    start = time.process_time()
    files = arguments.corpus or [arguments.words]
    words, read = distinct_words(files, arguments.distinct_words)
    result = {
        **provenance(__file__),
        "seed": SEED,
        "characters_read": read,
        "distinct_words": len(words),
    }
    result.update(measure(words))
    result["cpu_seconds"] = round(time.process_time() - start, 1)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "hash_quality.json").write_text(json.dumps(result, indent=1) + "\n")
    (RESULTS / "hash_quality.md").write_text(markdown(result))


def distinct_words(files, limit):
    """The first distinct words of texts, sorted, and the characters of each file read for them."""
    from eelbert_tf.hashing import reference

    pieces, words, read = set(), set(), collections.Counter()
    for file in files:
        with OPENERS.get(file.suffix, open)(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                read[file.name] += len(line)
                # Spaces part words, so that each distinct piece need be split only once.
                new = set(line.split()) - pieces
                pieces |= new
                for piece in new:
                    words.update(map(tuple, reference.words(piece + " ", len(piece) + 2)))
                if len(words) >= limit:
                    return in_order(words), read
    return in_order(words), read


def in_order(words):
    return sorted(("".join(map(chr, word)) for word in words), key=lambda word: (len(word), word))


def markdown(result):
    read = result["characters_read"].items()
    return "\n".join(
        [
            "# Quality of the hash",
            "",
            f"Version 1, dim 128, seed 0, on {result['distinct_words']:,} distinct words from "
            f"{', '.join(f'{count:,} characters of {name}' for name, count in read)}. Made by "
            f"`{result['script']}` on {result['date']}; all numbers are in `hash_quality.json`.",
            "",
            *collision_lines(result),
            "",
            *dimension_lines(result),
            "",
            *similarity_lines(result),
            "",
        ]
    )


def collision_lines(result):
    yield "## Equal pairs"
    yield ""
    yield "| what | distinct | equal pairs | of other trigrams | by chance |"
    yield "| --- | --- | --- | --- | --- |"
    for name, row in result["equal_pairs"].items():
        chance = "0" if name == "ngram vectors" else f"{result['equal_pairs_by_chance']:.1f}"
        yield (
            f"| {name} | {result['distinct_words']:,} | {row['pairs']} | "
            f"{row['of_other_trigrams']} | {chance} |"
        )
    for order, row in result["ngrams"].items():
        yield (
            f"| values of n-grams of order {order} | {row['distinct']:,} | {row['equal_pairs']} | "
            f"| {row['equal_pairs_by_chance']:.1f} |"
        )


def dimension_lines(result):
    yield "## Dimensions"
    yield ""
    yield "| on | rows | mean | standard deviation | correlation, rms (chance) | largest (chance) |"
    yield "| --- | --- | --- | --- | --- | --- |"
    tables = {f"n-grams of order {order}": row for order, row in result["ngrams"].items()}
    tables |= {f"words, {kind}": row for kind, row in result["words"].items()}
    # Words share n-grams: what chance gives them is measured, with values drawn at random.
    drawn = result["ngram_words_by_chance"]
    tables["words, ngram"] = {
        **tables["words, ngram"],
        "correlation_rms_by_chance": drawn["correlation_rms"],
        "correlation_max_by_chance": drawn["correlation_max"],
    }
    for name, row in tables.items():
        yield (
            f"| {name} | {row.get('distinct', result['distinct_words']):,} | {row['mean']:.4f} | "
            f"{row['standard_deviation']:.3f} | "
            f"{row['correlation_rms']:.4f} ({row['correlation_rms_by_chance']:.4f}) | "
            f"{row['correlation_max']:.3f} ({row['correlation_max_by_chance']:.3f}) |"
        )
    yield ""
    yield "By chance: for words, ngram, pooling of n-gram values that are drawn at random."


def similarity_lines(result):
    yield "## Similarity"
    yield ""
    yield "| kind | pairs of words | number | cosine | standard deviation | ROC-AUC |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind, rows in result["similarity"].items():
        for name, row in rows.items():
            area = f"{row['roc_auc']:.4f}" if "roc_auc" in row else ""
            yield (
                f"| {kind} | {name} | {row['pairs']:,} | {row['mean']:.3f} | "
                f"{row['standard_deviation']:.3f} | {area} |"
            )


if __name__ == "__main__":
    main()
