"""`FineTuner`: a training loop without Python between the operations, that can start anew."""

import keras
import numpy as np
import tensorflow as tf

from eelbert_tf.glue.flat_weights import FlatWeights
from eelbert_tf.glue.token_cache import MASK

WEIGHT_DECAY = 0.01
CLIP_NORM = 1.0
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


class FineTuner:
    """AdamW over few vectors of all weights, with gradients clipped to norm 1.

    The model's own variables stay as they are: what is trained are the vectors. So a run that
    starts anew sets these, their moments and the state of dropout, and traces nothing.

    Args:
        model: a Keras model from a dict of inputs to logits `(batch, outputs)`, with `backbone`.
        regression: bool. Whether the loss is the squared error, not the cross-entropy.
        tables: dict of float arrays, as `TokenCache.tables` gives them.
        rows: `TokenRows` of the kind that batches will come from.

    Example:

    ```python
    tuner = FineTuner(classifier, regression=False, tables=cache.tables(), rows=rows)
    tuner.reset(tuner.layout.read(classifier), seed=0)
    tuner.step(rows.batch(indices), labels[indices], learning_rate=1e-3)
    logits = tuner.logits(rows.batch(indices))
    ```
    """

    def __init__(self, model, regression, tables, rows):
        self.layout = FlatWeights(model)
        self._model, self._regression = model, regression
        self._weights, self._means, self._variances = (
            [tf.Variable(tf.zeros(len(group))) for group in self.layout.groups] for _ in range(3)
        )
        self._states = [v for v in model.non_trainable_variables if "seed" in v.name]
        self._steps = 0
        self.use_tables(tables)
        # One trace for all lengths.
        forward, step = self._signatures(rows)
        self._step = _traced(self._traced_step, step)
        self._forward = _traced(self._traced_forward, forward)

    def use_tables(self, tables):
        """Take the tables of a cache; those of another cache, or of one that has grown."""
        self._tables = {name: tf.constant(table) for name, table in tables.items()}

    def reset(self, weights, seed):
        """Start anew from weights, float `(total,)`; `seed` is that of dropout."""
        for variable, places in zip(self._weights, self.layout.groups):
            variable.assign(np.asarray(weights, "float32")[places])
        for moment in (*self._means, *self._variances):
            moment.assign(tf.zeros_like(moment))
        for number, state in enumerate(self._states):
            state.assign([seed, number << 16])
        self._steps = 0

    @property
    def weights(self):
        """The weights as they are now, a NumPy array `(total,)`."""
        vector = np.empty(self.layout.total, "float32")
        for variable, places in zip(self._weights, self.layout.groups):
            vector[places] = variable.numpy()
        return vector

    def step(self, batch, labels, learning_rate):
        """Train on a batch of `TokenRows`; returns the loss, a scalar tensor."""
        self._steps += 1
        rates = [learning_rate, BETA_1**self._steps, BETA_2**self._steps]
        inputs, lengths = _tensors(batch)
        labels = tf.constant(labels)
        return self._step(self._tables, inputs, lengths, labels, tf.constant(rates))

    def logits(self, batch):
        """What the model answers to a batch, without dropout, as a NumPy array."""
        inputs, lengths = _tensors(batch)
        return self._forward(self._tables, inputs, lengths).numpy()

    def _signatures(self, rows):
        numbers = tf.TensorSpec([None], tf.int32)
        tables = {n: tf.TensorSpec([None, t.shape[1]], t.dtype) for n, t in self._tables.items()}
        inputs = {
            name: tf.TensorSpec([None, None, *values.shape[1:]], values.dtype)
            for name, values in rows.tokens.items()
        }
        labels = tf.TensorSpec([None], tf.float32) if self._regression else numbers
        forward = (tables, inputs, numbers)
        return forward, (*forward, labels, tf.TensorSpec([3], tf.float32))

    def _traced_step(self, tables, inputs, lengths, labels, rates):
        weights = [variable.read_value() for variable in self._weights]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(weights)
            logits, scope = self._call(weights, tables, inputs, lengths, training=True)
            loss = self._loss(labels, logits)
        for state in self._states:
            state.assign(scope.get_current_value(state))
        gradients = tape.gradient(loss, weights)
        scale = CLIP_NORM / tf.maximum(tf.linalg.global_norm(gradients), CLIP_NORM)
        for group, gradient in enumerate(gradients):
            self._apply(group, weights[group], gradient * scale, rates)
        return loss

    def _apply(self, group, weights, gradient, rates):
        learning_rate, power_1, power_2 = tf.unstack(rates)
        if self.layout.decays[group]:
            self._weights[group].assign(weights * (1.0 - learning_rate * WEIGHT_DECAY))
        tf.raw_ops.ResourceApplyAdam(
            var=self._weights[group].handle,
            m=self._means[group].handle,
            v=self._variances[group].handle,
            beta1_power=power_1,
            beta2_power=power_2,
            lr=learning_rate,
            beta1=BETA_1,
            beta2=BETA_2,
            epsilon=EPSILON,
            grad=gradient,
        )

    def _traced_forward(self, tables, inputs, lengths):
        weights = [variable.read_value() for variable in self._weights]
        return self._call(weights, tables, inputs, lengths, training=False)[0]

    def _call(self, weights, tables, inputs, lengths, training):
        first = next(iter(inputs.values()))
        mask = tf.sequence_mask(lengths, tf.shape(first)[1])
        inputs = {
            name: tf.gather(tables[name], value) if name in tables else value
            for name, value in inputs.items()
        }
        values = zip(self._model.trainable_variables, self.layout.tensors(weights))
        with keras.StatelessScope(state_mapping=list(values)) as scope:
            return self._model({**inputs, MASK: mask}, training=training), scope

    def _loss(self, labels, logits):
        logits = tf.cast(logits, tf.float32)
        if self._regression:
            return tf.reduce_mean(tf.square(logits[:, 0] - labels))
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        )


def _traced(function, signature):
    return tf.function(function, autograph=False).get_concrete_function(*signature)


def _tensors(batch):
    inputs, lengths = batch
    return {name: tf.constant(value) for name, value in inputs.items()}, tf.constant(lengths)


def learning_rate(highest, step, steps):
    """The rate at a step (from 0): it rises over a tenth of the steps, then falls to 0 in a line.

    >>> [round(learning_rate(1.0, step, 20), 2) for step in (0, 1, 2, 11, 19)]
    [0.5, 1.0, 1.0, 0.5, 0.06]
    """
    warm = max(1, steps // 10)
    if step < warm:
        return highest * (step + 1) / warm
    return highest * (steps - step) / max(1, steps - warm)


def losses(labels, logits, regression):
    """The loss of each row, in NumPy."""
    logits = logits.astype("float64")
    if regression:
        return np.square(logits[:, 0] - labels)
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -logs[np.arange(len(labels)), labels]
