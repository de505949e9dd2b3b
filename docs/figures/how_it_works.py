"""Draws how_it_works.png: from a sentence to its label. The numbers are computed, not typed.

python docs/figures/how_it_works.py
"""

import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from eelbert_tf.hashing import reference
from eelbert_tf.hashing.specification import HashConfig

TEXT = "ligths off, please 🙏"
INK, SOFT, WARM, COOL = "#22303c", "#8fa1b0", "#d1603d", "#3d7ea6"


def main():
    figure, axes = plt.subplots(figsize=(11, 4.6), layout="constrained")
    axes.set_xlim(0, 110)
    axes.set_ylim(0, 46)
    axes.axis("off")
    words = reference.words(TEXT, 128)
    steps = ("text", "words", "trigrams of one word", "hashes, pooled", "encoder", "answer")
    places = (8, 25, 44, 64, 84, 101)
    for name, x in zip(steps, places):
        axes.text(x, 43, name, ha="center", color=INK, fontsize=11, weight="bold")
    for left, right in zip(places, places[1:]):
        axes.annotate(
            "",
            (right - 8.2, 25),
            (left + 7.6, 25),
            arrowprops={"arrowstyle": "->", "color": SOFT, "lw": 1.5},
        )
    box(axes, 8, 25, "ligths off,\nplease", SOFT)
    for row, word in enumerate(words[:4]):
        box(axes, 25, 36 - 7 * row, "".join(map(chr, word)), COOL if row == 0 else SOFT)
    marked = "‹" + "".join(map(chr, words[0])) + "›"
    for index in range(len(words[0])):
        axes.text(
            44,
            37 - 4.6 * index,
            marked[index : index + 3],
            ha="center",
            color=COOL,
            fontsize=11,
            family="monospace",
        )
    heat(axes, words[0])
    for level in range(2):
        axes.add_patch(
            plt.Rectangle((77.5, 18 + 8 * level), 13, 6.5, facecolor="#f4e7e2", edgecolor=WARM)
        )
        axes.text(84, 21.2 + 8 * level, "Transformer", ha="center", va="center", fontsize=9)
    box(axes, 101, 25, "lights", WARM)
    notes = (
        (8, "any Unicode,\nno tokenizer"),
        (25, "no vocabulary,\nno unknown word"),
        (44, "a typing error\nchanges some, not all"),
        (64, "128 numbers a word,\n0 bytes of weights"),
        (84, "all that is trained:\n0.3 M parameters"),
        (101, "SavedModel\nor .tflite"),
    )
    for x, note in notes:
        axes.text(x, 2.5, note, ha="center", color=INK, fontsize=9)
    figure.savefig(pathlib.Path(__file__).with_suffix(".png"), dpi=150)


def box(axes, x, y, text, colour):
    axes.text(
        x,
        y,
        text,
        ha="center",
        va="center",
        fontsize=11,
        color=INK,
        bbox={"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": colour, "lw": 1.6},
    )


def heat(axes, word):
    """The word's real vector, 128 numbers as an 8 by 16 picture."""
    vector = np.array(reference.vector(word, HashConfig(128))).reshape(8, 16)
    axes.imshow(
        vector, cmap="RdBu", vmin=-1, vmax=1, extent=(56.5, 71.5, 16, 34), aspect="auto", zorder=2
    )
    axes.set_xlim(0, 110)
    axes.set_ylim(0, 46)


if __name__ == "__main__":
    main()
