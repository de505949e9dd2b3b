"""Classifies lines of standard input on a small computer: LiteRT and NumPy, nothing else.

    pip install -r requirements.txt
    echo "not bad at all" | python classify.py model_int8.tflite

Each line of output is label, probability and text, with tabs between.
"""

import json
import sys
import zipfile

import numpy as np
from ai_edge_litert.interpreter import Interpreter


class Classifier:
    """A `.tflite` of single texts that `eelbert export` wrote."""

    def __init__(self, path, threads=1):
        with zipfile.ZipFile(path) as archive:  # behind the model, in the same file
            settings = json.loads(archive.read("eelbert.json"))
        if settings["labels"] is None or settings["pair"]:
            raise ValueError(f"{path} is no classifier of single texts.")
        self.labels = settings["labels"]
        self.length = settings["max_characters"]
        self.run = Interpreter(path, num_threads=threads).get_signature_runner()

    def probabilities(self, text):
        """One for each of `labels`: float32 `(labels,)`."""
        points = [ord(character) for character in text[: self.length]]
        code_points = np.zeros((1, self.length), "int32")
        code_points[0, : len(points)] = points
        return self.run(code_points=code_points)["probabilities"][0]


def main(arguments):
    if len(arguments) != 1:
        print("usage: classify.py MODEL.tflite < TEXTS", file=sys.stderr)
        return 2
    try:
        classifier = Classifier(arguments[0])
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        probabilities = classifier.probabilities(text)
        best = int(probabilities.argmax())
        print(f"{classifier.labels[best]}\t{probabilities[best]:.6f}\t{text}", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)
