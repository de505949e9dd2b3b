"""Where the time goes, as ratios measured side by side in one run.

    python benchmarks/speed.py [--repeats 5]

Texts are made of the bundled utterances, joined and cut to a number of words. Every pair of
figures alternates (A B A B ...), and the ratio is the median of the pairs' ratios. Writes
results/speed.json and results/speed.md. About three minutes on two cores.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import tempfile
import time

from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
LENGTHS = (5, 10, 20, 40, 80, 120)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=5)
    repeats = arguments.parse_args().repeats
    from eelbert_tf import EelbertTextClassifier

    texts = thirty_word_texts(2560)
    task = EelbertTextClassifier.from_preset("eelbert_uno", num_classes=16)
    results = {
        "hash_share": hash_share(task, texts, repeats),
        "length": time_by_length(task, repeats),
        "batch_of_one": against_bert_tiny(task, texts[:200], repeats),
        "fine_tuning": fine_tuning(texts, repeats),
        "made_by": {
            **provenance(__file__),
            "seed": 0,
            "repeats": repeats,
            "cores": os.cpu_count(),
        },
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(results, indent=1) + "\n")
    table = markdown(results)
    (RESULTS / "speed.md").write_text(table)
    print(table)


def utterances():
    from eelbert_tf.data.assistant import assistant_path
    from eelbert_tf.data.read import read_examples

    return read_examples(assistant_path("train")).texts


def thirty_word_texts(count, words=30):
    """Texts of a number of space-separated words, drawn with a seed."""
    source, generator = utterances(), random.Random(0)
    texts = []
    for _ in range(count):
        text = []
        while len(text) < words:
            text += generator.choice(source).split()
        texts.append(" ".join(text[:words]))
    return texts


def seconds(function, arguments):
    start = time.perf_counter()
    for argument in arguments:
        function(argument)
    return (time.perf_counter() - start) / len(arguments)


def side_by_side(first, second, repeats):
    """Medians of two timings and of their ratios, taken in turn; each is a function of nothing."""
    first(), second()
    pairs = [(first(), second()) for _ in range(repeats)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def served(task):
    """The SavedModel of a task, written and loaded: text to probabilities."""
    import tensorflow as tf

    from eelbert_tf import export_saved_model

    with tempfile.TemporaryDirectory() as directory:
        export_saved_model(task, f"{directory}/model")
        model = tf.saved_model.load(f"{directory}/model")
    signature = model.signatures["serving_default"]
    return lambda text, _keep=model: signature(text=text)


def string_function(function):
    import tensorflow as tf

    return tf.function(function, input_signature=[tf.TensorSpec([None], tf.string)])


def hash_share(task, texts, repeats):
    """Text to word vectors against the whole SavedModel, batch 256."""
    import tensorflow as tf

    batches = [tf.constant(texts[i : i + 256]) for i in range(0, len(texts), 256)]
    whole, hashing = served(task), string_function(task.preprocessor)
    hashed, total, ratio = side_by_side(
        lambda: seconds(hashing, batches), lambda: seconds(whole, batches), repeats
    )
    return {"hash_ms": 1e3 * hashed, "whole_ms": 1e3 * total, "share": ratio, "target": 0.15}


def time_by_length(task, repeats):
    """Milliseconds of one text of each length, in one SavedModel."""
    import tensorflow as tf

    whole = served(task)
    result = {}
    for words in LENGTHS:
        batches = [tf.constant([text]) for text in thirty_word_texts(100, words)]
        seconds(whole, batches)
        result[str(words)] = 1e3 * min(seconds(whole, batches) for _ in range(repeats))
    return result


def against_bert_tiny(task, texts, repeats):
    """Batch 1, raw text to probabilities, against KerasHub's WordPiece and BERT-tiny."""
    import tensorflow as tf

    batches = [tf.constant([text]) for text in texts]
    ours = served(task)
    result = {}
    for length in (64, 128):
        theirs = bert_tiny(length)
        mine, other, ratio = side_by_side(
            lambda: seconds(ours, batches), lambda theirs=theirs: seconds(theirs, batches), repeats
        )
        key = f"sequence_length_{length}"
        result[key] = {"uno_ms": 1e3 * mine, "bert_tiny_ms": 1e3 * other, "ratio": ratio}
    return {**result, "target": 1.0}


def bert_tiny(length):
    """KerasHub's BERT-tiny classifier as a function of strings; its WordPieces learnt here."""
    import keras
    import keras_hub
    import tensorflow as tf

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = keras_hub.tokenizers.compute_word_piece_vocabulary(
        tf.data.Dataset.from_tensor_slices(utterances()).batch(256),
        vocabulary_size=4000,
        lowercase=True,
        reserved_tokens=special,
    )
    vocabulary += [f"[unused{number}]" for number in range(30_522 - len(vocabulary))]
    preprocessor = keras_hub.models.BertTextClassifierPreprocessor(
        keras_hub.models.BertTokenizer(vocabulary=vocabulary, lowercase=True),
        sequence_length=length,
    )
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=30_522, num_layers=2, num_heads=2, hidden_dim=128, intermediate_dim=512
    )
    classifier = keras_hub.models.BertTextClassifier(
        backbone, num_classes=16, preprocessor=preprocessor
    )
    return string_function(
        lambda text: keras.ops.softmax(classifier(preprocessor(text), training=False))
    )


def fine_tuning(texts, repeats):
    """`fit` on raw strings against `fit` on the same batches with vectors made before."""
    import keras
    import numpy as np

    from eelbert_tf import EelbertTextClassifier

    texts, labels = texts[:2048], np.arange(2048) % 16
    task = EelbertTextClassifier.from_preset("eelbert_uno", num_classes=16)
    ready = task._batches(texts, labels, batch_size=64).cache()

    def epoch_seconds(fit):
        """Seconds of the second epoch: the first also traces graphs and fills caches."""
        ends = []
        timer = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter())
        )
        fit(epochs=2, verbose=0, callbacks=[timer])
        return ends[1] - ends[0]

    precomputed, raw, ratio = side_by_side(
        lambda: epoch_seconds(lambda **how: keras.Model.fit(task, ready, shuffle=False, **how)),
        lambda: epoch_seconds(lambda **how: task.fit(texts, labels, batch_size=64, **how)),
        repeats,
    )
    return {
        "precomputed_texts_per_second": len(texts) / precomputed,
        "raw_texts_per_second": len(texts) / raw,
        "raw_speed": ratio,
        "target": 0.85,
    }


def markdown(results):
    share, tuning = results["hash_share"], results["fine_tuning"]
    one = results["batch_of_one"]
    length = results["length"]
    growth = length[str(LENGTHS[-1])] / length[str(LENGTHS[0])]
    lines = [
        "| what | figure | target |",
        "| --- | --- | --- |",
        "| text to word vectors, share of the whole UNO SavedModel, batch 256 of 30 words "
        f"| {share['share']:.1%} | at most 15 % |",
        "| batch 1, raw text to probabilities, time over KerasHub WordPiece + BERT-tiny, "
        f"sequence length 64 / 128 | {one['sequence_length_64']['ratio']:.2f} / "
        f"{one['sequence_length_128']['ratio']:.2f} | at most 1 |",
        "| `fit` on raw strings, speed over the same with vectors precomputed "
        f"| {tuning['raw_speed']:.2f} | at least 0.85 |",
        "| one text of "
        + ", ".join(map(str, LENGTHS))
        + " words | "
        + ", ".join(f"{length[str(n)]:.2f}" for n in LENGTHS)
        + f" ms ({growth:.1f}x) | grows with the text |",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
