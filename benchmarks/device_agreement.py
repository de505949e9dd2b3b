"""Whether a SavedModel and a `.tflite` give the same labels, and the same bits of the hash."""

import random

import numpy as np
from device_models import WINDOW, row


def agreement(task, files, folder, source, count=10_000):
    """How often labels of SavedModel and `.tflite` differ, and bits of the hash."""
    from eelbert_tf import export_saved_model
    from eelbert_tf.data.read import read_examples
    from eelbert_tf.runtimes.litert_runtime import interpreter, litert_predictor
    from eelbert_tf.runtimes.saved_model_runtime import saved_model_predictor

    texts = sorted({*read_examples(source).texts})
    texts = random.Random(0).sample(texts, min(count, len(texts)))
    # The SavedModel with the window of the files.
    task.preprocessor.max_words, characters = WINDOW, task.preprocessor.max_characters
    task.preprocessor.max_characters = 8 * WINDOW
    export_saved_model(task, folder / "saved_model")
    served = saved_model_predictor(folder / "saved_model").predict(texts)
    ours = litert_predictor(files["none"]).predict(texts)
    strings = random_strings(count)
    run = interpreter(folder / "hash.tflite").get_signature_runner()
    differing = 0
    for start in range(0, count, 500):
        part = strings[start : start + 500]
        inputs = task.preprocessor(part)
        vectors, mask = np.asarray(inputs["word_vectors"]), np.asarray(inputs["padding_mask"])
        for text, expected, kept in zip(part, vectors, mask):
            answer = run(code_points=row(text))["vectors"][0]
            words = int(kept.sum())
            same = (answer[:words].view("int32") == expected[:words].view("int32")).all()
            differing += not (same and not answer[words:].any())
    task.preprocessor.max_characters = characters
    return {
        "texts": len(texts),
        "labels_differ": sum(a != b for a, b in zip(served, ours)),
        "strings": count,
        "hashes_differ": int(differing),
    }


def random_strings(count):
    """Strings of any characters, half of them of Latin ones."""
    source = random.Random(0)

    def character():
        number = source.randrange(source.choice((0x80, 0x250, 0x3000, 0x10000, 0x110000)))
        return " " if 0xD800 <= number < 0xE000 or not source.randrange(6) else chr(number)

    return ["".join(character() for _ in range(source.randrange(80))) for _ in range(count)]
