"""What trains and answers for one task: its rows as tokens, and one traced model."""

import contextlib

import numpy as np

from eelbert_tf.glue.encoded import answers, encode
from eelbert_tf.glue.token_cache import TokenCache
from eelbert_tf.glue.training import predict, train

TRAIN, GRID, HELD_OUT = "train", "grid", "held_out"


class Engine:
    """Encodes every text once, and traces one model for all runs.

    Args:
        task: `GlueTask`.
        parts: dict from names to `(examples, labels)`, labels as numbers or None; `train` and
            `held_out` must be there.
        model: `PresetModel`.
        recipe: `Recipe`.
        encoder_weights: float array or None, what the encoder starts from in place of the
            preset's weights.
        after_step: function or None, called after each step of training.

    Example:

    ```python
    engine = Engine(task, parts, PresetModel("eelbert_uno"), Recipe())
    trained = engine.train(batch_size=32, learning_rate=1e-3, seed=0)
    classes = engine.answers("dev", trained.weights)
    ```
    """

    def __init__(self, task, parts, model, recipe, encoder_weights=None, after_step=None):
        from eelbert_tf.glue.fine_tuner import FineTuner

        self._task, self._model, self._recipe = task, model, recipe
        self._encoder_weights, self._after_step = encoder_weights, after_step
        classifier = self._classifier(seed=0)
        cache = TokenCache(classifier.preprocessor)
        self._rows = {name: encode(cache, *part) for name, part in parts.items()}
        rows = self._rows[TRAIN]
        self._rows[GRID] = rows
        if len(rows) > recipe.grid_rows:
            drawn = np.random.default_rng(0).permutation(len(rows))[: recipe.grid_rows]
            self._rows[GRID] = rows.take(np.sort(drawn))
        self._tuner = FineTuner(classifier, task.regression, cache.tables(), rows.rows)

    def train(self, batch_size, learning_rate, seed, part=TRAIN):
        """Train on the rows of a part, and choose the epoch by those held out.

        Args:
            batch_size: int.
            learning_rate: float, the highest.
            seed: int, of the head, the order and dropout.
            part: `"train"`, or `"grid"`: some of its rows, drawn once.

        Returns:
            `Trained`.
        """
        return train(
            self._tuner,
            self._start(seed),
            self._rows[part],
            self._rows[HELD_OUT],
            self._task.metrics,
            (batch_size, learning_rate, self._recipe.epochs),
            seed,
            self._after_step,
        )

    @property
    def layout(self):
        """The `FlatWeights` that vectors of weights follow."""
        return self._tuner.layout

    def answers(self, part, weights):
        """The answers to the texts of a part: int classes or float scores."""
        self._tuner.reset(weights, seed=0)
        return answers(predict(self._tuner, self._rows[part]), self._task.regression)

    def encoder_part(self, weights):
        """Of the weights of a run, those of the encoder."""
        return weights[self.layout.of_encoder]

    @contextlib.contextmanager
    def classifier_with(self, weights):
        """A classifier with the weights of a run, good within the block: the encoder is shared."""
        classifier, layout = self._classifier(seed=0), self.layout
        before = layout.read(classifier)
        layout.write(classifier, weights)
        try:
            yield classifier
        finally:
            layout.write(classifier, before)

    def _start(self, seed):
        """The weights to start from: the preset's encoder, and a head drawn with the seed."""
        classifier = self._classifier(seed)
        if self._task.regression:
            classifier.head.answer_at_first(self._rows[TRAIN].labels)
        start = self.layout.read(classifier)
        if self._encoder_weights is not None:
            start[self.layout.of_encoder] = self._encoder_weights
        return start

    def _classifier(self, seed):
        pooling = self._recipe.pooling_of(self._task.pair)
        cross_attention = self._recipe.cross_attention_of(self._task.pair)
        return self._model.classifier(
            self._task.labels, pooling, self._recipe.max_words, seed, cross_attention
        )
