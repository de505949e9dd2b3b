"""`QuestionAnswerer`: which part of a text answers a question?"""

import json
import pathlib

import keras
import numpy as np

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.errors import UserError
from eelbert_tf.models.compatibility import SPECIAL_TOKENS_OF_PAIR
from eelbert_tf.models.encoder_layers import initializer
from eelbert_tf.models.encoding import encoded as encoder_output
from eelbert_tf.pretraining.word_inputs import HashedInputs, PieceInputs
from eelbert_tf.pretraining.word_piece_table import WordPieceTable
from eelbert_tf.question_answering.decoding import answers_of
from eelbert_tf.question_answering.encoding import encode
from eelbert_tf.question_answering.metrics import squad_scores
from eelbert_tf.question_answering.windows import batch_of, target_in, windows_of
from eelbert_tf.training.fused_adamw import FusedAdamW

SETTINGS_FILE, HEAD_FILE = "question_answering.json", "question_answering.npz"


class QuestionAnswerer:
    """An encoder with logits of where an answer starts and ends (BERT, arXiv 1810.04805).

    Args:
        source: `EncoderPreset`: a BERT with WordPieces, whole or compressed, or an EELBERT with
            words.
        length: int. Places of a window.
        stride: int. Places from window to window of a long context.
        max_question: int. Places of a question at most.
        longest_answer: int. Places of an answer at most.
        dropout: float, before the last layer.

    Raises:
        UserError: the encoder cannot read so long a window, or a setting is out of range.

    Example:

    ```python
    answerer = QuestionAnswerer(EncoderPreset.load("my_bert"))
    answerer.fit(read_squad("train-v1.1.json").rows)
    answerer.evaluate(read_squad("dev-v1.1.json").rows)  # {"exact_match": ..., "f1": ...}
    ```
    """

    def __init__(
        self, source, length=384, stride=128, max_question=64, longest_answer=30, dropout=0.1
    ):
        self.settings = {
            "length": length,
            "stride": stride,
            "max_question": max_question,
            "longest_answer": longest_answer,
            "dropout": dropout,
        }
        for name in ("stride", "max_question", "longest_answer"):
            if self.settings[name] < 1:
                raise UserError(
                    f"`{name}` must be at least 1. Received: {name}={self.settings[name]}."
                )
        least, most = max_question + SPECIAL_TOKENS_OF_PAIR + 1, source.backbone.max_sequence_length
        if not least <= length <= most:
            raise UserError(
                f"`length` must be between {least}, for a question and a piece of context, and "
                f"{most}, what the encoder can read. Received: length={length}."
            )
        self._hashed = hasattr(source.backbone, "hash_config")
        if self._hashed and source.tokenizer.tokenizer is not None:
            raise UserError(
                "An EELBERT that answers questions must read words. Received: one of WordPieces. "
                "Use an EELBERT of words, or a BERT."
            )
        self.source = source
        self.head = keras.layers.Dense(2, kernel_initializer=initializer(), name="span")
        self.model = _span_model(source.backbone, self.head, dropout)

    def fit(self, questions, epochs=3, batch_size=32, learning_rate=3e-5, seed=0, **kwargs):
        """Train encoder and head; the rate falls to 0 in a line.

        Windows without the whole answer learn to point at `[CLS]`.

        Args:
            questions: list of `Question`. The first answer of each is learnt.
            epochs, batch_size, learning_rate, seed: as usual.
            **kwargs: what else `keras.Model.fit` takes, such as callbacks.

        Returns:
            `keras.callbacks.History`.
        """
        keras.utils.set_random_seed(seed)
        batches = _Batches(*self._windows(questions), self.settings["length"], batch_size, seed)
        steps = max(1, round(epochs * len(batches)))
        self.model.compile(
            optimizer=FusedAdamW(
                keras.optimizers.schedules.PolynomialDecay(learning_rate, steps, 0.0),
                weight_decay=0.0,
                global_clipnorm=1.0,
            ),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            jit_compile=False,
        )
        return self.model.fit(batches, epochs=epochs, shuffle=False, **kwargs)

    def predict(self, questions, batch_size=32):
        """The answer of each question: a dict from ids to parts of the contexts."""
        encoded, windows, inputs = self._windows(questions)
        logits = self._logits(encoded, windows, inputs, batch_size)
        return answers_of(questions, encoded, windows, logits, self.settings["longest_answer"])

    def evaluate(self, questions, batch_size=32):
        """The scores of the answers, see `squad_scores`."""
        return squad_scores(questions, self.predict(questions, batch_size))

    def save(self, directory):
        """Write encoder, tokenizer, head and settings to a directory."""
        directory = pathlib.Path(directory)
        self.source.save(directory)
        kernel, bias = self.head.get_weights()
        np.savez(directory / HEAD_FILE, kernel=kernel, bias=bias)
        text = json.dumps(self.settings, indent=2)
        (directory / SETTINGS_FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory):
        """Load what `save` wrote.

        Raises:
            UserError: there is no such directory, or it holds no answerer.
        """
        directory = pathlib.Path(directory)
        try:
            settings = json.loads((directory / SETTINGS_FILE).read_text(encoding="utf-8"))
            with np.load(directory / HEAD_FILE) as arrays:
                weights = [arrays["kernel"], arrays["bias"]]
        except (OSError, ValueError, KeyError) as error:
            raise UserError(
                f"{directory} holds no question answerer that can be loaded: {error}."
            ) from error
        answerer = cls(EncoderPreset.load(directory), **settings)
        answerer.head.set_weights(weights)
        return answerer

    def _windows(self, questions):
        backbone, tokenizer = self.source.backbone, self.source.tokenizer

        def make_inputs(words):
            if self._hashed:
                return HashedInputs(backbone, words)
            return PieceInputs(WordPieceTable(tokenizer, words))

        encoded, inputs = encode(
            questions, make_inputs, self._hashed, self.settings["max_question"]
        )
        windows = windows_of(encoded, self.settings["length"], self.settings["stride"])
        return encoded, windows, inputs

    def _logits(self, encoded, windows, inputs, batch_size):
        for first in range(0, len(windows), batch_size):
            part = windows[first : first + batch_size]
            x, starts = batch_of(encoded, part, inputs, self.settings["length"])
            outputs = self.model.predict_on_batch(x)
            for row, (window, start) in enumerate(zip(part, starts)):
                stop = start + window.stop - window.start
                yield outputs["start"][row, start:stop], outputs["end"][row, start:stop]


def _span_model(backbone, head, dropout):
    if hasattr(backbone, "pooled_dense"):
        backbone.pooled_dense.trainable = False  # it learns nothing here
    inputs = {
        **backbone.input,
        "answer_mask": keras.Input((None,), dtype="int32", name="answer_mask"),
    }
    x = keras.layers.Dropout(dropout)(encoder_output(backbone))
    logits = keras.ops.cast(head(x), "float32")  # (batch, sequence, 2)
    outside = (1.0 - keras.ops.cast(inputs["answer_mask"], "float32")) * -1e9
    outputs = {"start": logits[..., 0] + outside, "end": logits[..., 1] + outside}
    return keras.Model(inputs, outputs)


class _Batches(keras.utils.PyDataset):
    """Batches of windows with their targets, in a new order each epoch."""

    def __init__(self, encoded, windows, inputs, length, batch_size, seed):
        super().__init__()
        self._encoded, self._windows, self._inputs = encoded, windows, inputs
        self._length, self._size = length, batch_size
        self._random = np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self._windows) // self._size)

    def __getitem__(self, index):
        rows = self._order[index * self._size : (index + 1) * self._size]
        windows = [self._windows[row] for row in rows]
        x, starts = batch_of(self._encoded, windows, self._inputs, self._length)
        targets = np.zeros((len(windows), 2), "int32")
        for row, (window, start) in enumerate(zip(windows, starts)):
            target = target_in(window, self._encoded[window.example].target)
            if target is not None:
                targets[row] = start + target[0], start + target[1]
        return x, {"start": targets[:, 0], "end": targets[:, 1]}

    def on_epoch_end(self):
        self._order = self._random.permutation(len(self._windows))
