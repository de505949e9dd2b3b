"""Which texts of three kinds MediaPipe's tokenizer reads otherwise than the `.tflite` of litert.

    python benchmarks/mediapipe_coverage.py --data ../shared/data

Every text of SST-2, CLINC150 and TweetEval (all parts) goes the way that it goes in MediaPipe:
bytes, tokens of the tokenizer in the file, code points by the graph; also from bytes as Java
writes them. Beside it, what MediaPipe's WordPiece tokenizer would lose: spaces beside punctuation,
where the words would be others without them, and words with a character beyond its vocabulary.
Writes results/mediapipe_coverage.json and .md. Two minutes on two cores.
"""

import argparse
import json
import os
import pathlib
import re

import numpy as np
from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
SETS = {
    "SST-2": ["glue/sst2/*.tsv.gz"],
    "CLINC150": ["classification/clinc150/*.tsv.gz"],
    "tweets": ["classification/tweet_*/*.tsv.gz"],
}
CHARACTERS = 1024  # the window of the presets
BATCH = 256
SPACES_AT_PUNCTUATION = re.compile(r"\s*([!-/:-@\[-`{-~])\s*")
COLUMNS = {
    "texts": "texts",
    "beyond_ascii": "with a character beyond ASCII",
    "beyond_latin_1": "beyond Latin-1",
    "beyond_ffff": "beyond U+FFFF",
    "read_otherwise": "read otherwise",
    "read_otherwise_from_java": "read otherwise, from Java",
    "word_piece_spaces": "WordPiece: spaces lost",
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=pathlib.Path, required=True)
    arguments = arguments.parse_args()
    sets = {name: measures(read(arguments.data, patterns)) for name, patterns in SETS.items()}
    made_by = {
        **provenance(__file__),
        "window": CHARACTERS,
    }
    results = {"sets": sets, "made_by": made_by}
    file = RESULTS / "mediapipe_coverage.json"
    file.write_text(json.dumps(results, indent=1) + "\n")
    table = markdown(sets)
    file.with_suffix(".md").write_text(table)
    print(table)


def read(directory, patterns):
    from eelbert_tf.data.read import read_examples

    files = [file for pattern in patterns for file in sorted(directory.glob(pattern))]
    return [text for file in files for text in read_examples(file, with_labels=False).texts]


def measures(texts):
    from eelbert_tf.hashing.splitting import split_words

    def count(condition):
        return sum(map(condition, texts))

    def without_spaces(text):
        return SPACES_AT_PUNCTUATION.sub(r"\1", text)

    return {
        "texts": len(texts),
        "beyond_ascii": count(lambda text: max(text, default="") > "\x7f"),
        "beyond_latin_1": count(lambda text: max(text, default="") > "\xff"),
        "beyond_ffff": count(lambda text: max(text, default="") > "\uffff"),
        "read_otherwise": misread(texts, lambda text: text.encode("utf-8")),
        "read_otherwise_from_java": misread(texts, java_bytes),
        "word_piece_spaces": count(
            lambda text: split_words(text) != split_words(without_spaces(text))
        ),
    }


def java_bytes(text):
    """UTF-8 of each half of a surrogate pair by itself."""
    units = np.frombuffer(text.encode("utf-16-le"), "<u2")
    return "".join(map(chr, units)).encode("utf-8", "surrogatepass")


def misread(texts, encode):
    """The number of texts of which the graph gets other code points, but for ASCII's case."""
    import tensorflow as tf

    from eelbert_tf.export.mediapipe_tokenizer import text_bytes, token_ids
    from eelbert_tf.export.utf8 import bytes_of, decode_utf8
    from eelbert_tf.hashing.code_points import to_code_points

    decode = tf.function(
        lambda ids: decode_utf8(text_bytes(ids), CHARACTERS), reduce_retracing=True
    )
    length = bytes_of(CHARACTERS) + 2
    wrong = 0
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        ids = np.concatenate([token_ids(encode(text), length)["ids"] for text in batch])
        expected = to_code_points(batch, CHARACTERS)
        capital = (expected >= ord("A")) & (expected <= ord("Z"))
        expected = expected + 32 * capital
        wrong += int((decode(ids).numpy() != expected).any(axis=1).sum())
    return wrong


def markdown(sets):
    lines = ["| | " + " | ".join(COLUMNS.values()) + " |", "| --- " * (len(COLUMNS) + 1) + "|"]
    for name, row in sets.items():
        shares = [f"{row[key] / row['texts']:.1%}" for key in COLUMNS if key != "texts"]
        lines.append(f"| {name} | {row['texts']:,} | " + " | ".join(shares) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
