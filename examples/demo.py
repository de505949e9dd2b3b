"""The main job in one go: fine-tune a pretrained preset on bundled utterances, export it, ask it.

    python examples/demo.py            # or: make demo

Fine-tunes `eelbert_plus_en_uncased` on the 16 assistant intents that ship with the package, scores
the unseen sentences, writes a SavedModel and a `.tflite`, and puts the same sentences to both.
"""

import json
import os
import pathlib
import sys
import time

OUTPUT = pathlib.Path("demo_output")
SENTENCES = (
    "wake me up at half past six tomorrow",
    "pls turn of the ligths in the kitchen",  # typing errors
    "play something by Nina Simone 🎷",
    "how do you say good morning in Portuguese",
)


def main():
    from eelbert_tf.cli import main as command_line
    from eelbert_tf.data.assistant import assistant_path

    train, test = (str(assistant_path(split)) for split in ("train", "test"))
    settings = ["--epochs", "10", "--learning-rate", "1e-3", "--max-words", "64"]
    status = command_line.main(
        ["train", train, "--dev", test, "--preset", "eelbert_plus_en_uncased", *settings]
        + ["--out", str(OUTPUT), "--overwrite"]
    )
    if status:
        return status
    metrics = json.loads((OUTPUT / "metrics.json").read_text(encoding="utf-8"))
    print()
    print(f"accuracy on {metrics['count']} unseen sentences: {metrics['accuracy']:.3f}")
    print(f"always the commonest of the 16 intents:   {metrics['majority_accuracy']:.3f}")
    for runtime, name in (("saved_model", "saved_model"), ("litert", "model.tflite")):
        ask(runtime, metrics["bytes"][name] / 1e6)
    print(f"\nEverything is in {OUTPUT}/; try: eelbert predict {OUTPUT} 'remind me to call mum'")
    return 0


def ask(runtime, megabytes):
    """Print what a runtime answers, and how long one answer takes."""
    from eelbert_tf.runtimes.load import load_predictor

    predictor = load_predictor(OUTPUT, runtime)
    predictor.predict(["warm up"])
    print(f"\n{runtime}, {megabytes:.2f} MB")
    for sentence in SENTENCES:
        start = time.perf_counter()
        probabilities = predictor.predict_proba([sentence])[0]
        milliseconds = 1000 * (time.perf_counter() - start)
        best = int(probabilities.argmax())
        label = predictor.labels[best]
        print(f"  {label:20}{probabilities[best]:6.3f}{milliseconds:8.2f} ms   {sentence}")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(main())
