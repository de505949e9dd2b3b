"""Trains, predicts and saves under JAX, in a process where TensorFlow cannot be imported.

It runs with the environment variable KERAS_BACKEND=jax and the directory to write into.
"""

import json
import pathlib
import sys

sys.modules["tensorflow"] = sys.modules["tensorflow_text"] = None  # any import of them fails

import keras  # noqa: E402
import numpy as np  # noqa: E402

from eelbert_tf import (  # noqa: E402
    EelbertMaskedLM,
    EelbertPreprocessor,
    EelbertTextClassifier,
    EelbertTextEmbedder,
    EelbertTokenClassifier,
    UserError,
)
from eelbert_tf.models.text_batches import TextBatches  # noqa: E402
from eelbert_tf.models.text_inputs import to_texts  # noqa: E402
from tests.models.jax_examples import LABELS, LIMITS, MIXED_TEXTS, NAMES, TEXTS  # noqa: E402


def main(directory):
    assert keras.config.backend() == "jax"
    keras.utils.set_random_seed(0)
    report = {
        **classifier(directory),
        **bfloat16(),
        **tagger(),
        **batches(),
        "without_tensorflow": refusals(),
    }
    embedder = EelbertTextEmbedder.from_preset("eelbert_uno", num_layers=1)
    np.save(directory / "embeddings.npy", embedder.predict(TEXTS, verbose=0))
    preprocessor = EelbertPreprocessor(**LIMITS)
    for name, x in (("texts", MIXED_TEXTS), ("pairs", (MIXED_TEXTS, MIXED_TEXTS[::-1]))):
        np.savez(directory / f"inputs_{name}.npz", **preprocessor(x))
    report["tensorflow_modules"] = [m for m in sys.modules if m.startswith("tensorflow.")]
    (directory / "report.json").write_text(json.dumps(report), encoding="utf-8")


def classifier(directory):
    model = EelbertTextClassifier.from_preset("eelbert_uno", labels=NAMES, num_layers=1)
    history = model.fit(
        TEXTS, LABELS, epochs=20, verbose=0, validation_data=(TEXTS, LABELS),
        class_weight={"good": 2.0, "bad": 1.0},
    )  # fmt: skip
    logits = model.predict(TEXTS, verbose=0)
    np.savez(
        directory / "classifier.npz",
        logits=logits,
        probabilities=model.predict_proba(TEXTS),
        pairs=model.predict((TEXTS, TEXTS[::-1]), verbose=0),
    )
    model.save_to_preset(str(directory / "preset"))
    model.save(directory / "model.keras")
    again = EelbertTextClassifier.from_preset(directory / "preset")
    loaded = keras.saving.load_model(directory / "model.keras")
    pairs = model.fit((TEXTS, TEXTS[::-1]), LABELS, verbose=0, sample_weight=[1.0] * len(TEXTS))
    return {
        "jit_compile": [model.jit_compile, loaded.jit_compile],
        "losses": history.history["loss"],
        "validation_losses": history.history["val_loss"],
        "evaluated": loaded.evaluate(TEXTS, LABELS, return_dict=True, verbose=0),
        "predicted": again.predict_labels(TEXTS),
        "exact": [
            bool(np.array_equal(other.predict(TEXTS, verbose=0), logits))
            for other in (again, loaded)
        ],
        "pair_loss": pairs.history["loss"][0],
    }


def bfloat16():
    model = EelbertTextClassifier.from_preset(
        "eelbert_uno", labels=NAMES, num_layers=1, dtype="mixed_bfloat16"
    )
    history = model.fit(TEXTS, LABELS, epochs=20, verbose=0)
    return {"bfloat16_dtype": model.compute_dtype, "bfloat16_losses": history.history["loss"]}


def tagger():
    model = EelbertTokenClassifier.from_preset("eelbert_uno", labels=["O", "CITY"], num_layers=1)
    model.fit([["fly", "to", "Oslo"]], [["O", "O", "CITY"]], epochs=20, verbose=0)
    return {"tags": model.predict_tags(["fly to Oslo"])}


def batches():
    numbers = np.arange(len(TEXTS))

    def epochs(seed):
        data = TextBatches(EelbertPreprocessor(), *to_texts(TEXTS), numbers, numbers, 5, seed)
        result = []
        for _ in range(2):
            parts = [data[index] for index in range(len(data))]
            assert all(np.array_equal(y, weight) for _, y, weight in parts)
            result.append(np.concatenate([y for _, y, _ in parts]).tolist())
            data.on_epoch_end()
        return result

    return {"orders": [epochs(seed) for seed in (None, 1, 1, 2)]}


def refusals():
    masked = EelbertMaskedLM.from_preset("eelbert_uno", vocabulary=["good"], num_layers=1)
    try:
        masked.fit(TEXTS)
    except UserError as error:
        return str(error)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
