"""An autoencoder of the rows of a token table, whose decoder and latent table are kept."""

import dataclasses
import tempfile

import keras
import numpy as np

from eelbert_tf.embedding_compression.factors import Factors
from eelbert_tf.embedding_compression.losses import LOSSES, ReconstructionLoss, power_at
from eelbert_tf.embedding_compression.svd import svd_factors
from eelbert_tf.errors import UserError
from eelbert_tf.layers.factorized_embedding import ACTIVATIONS
from eelbert_tf.training.checkpoint import load_checkpoint, save_checkpoint

STARTS = ("random", "svd")


@dataclasses.dataclass(frozen=True)
class AutoencoderConfig:
    """Settings of a training; the defaults are the paper's.

    Args:
        loss: `ReconstructionLoss`.
        activation: str, between encoder and decoder: "linear" or "elu".
        start: "random" (Glorot), or "svd": the table's principal directions.
        epochs: int. Passes over the rows.
        batch_size: int. Rows of a step.
        learning_rate: float. Adam's; halved every `halving_epochs`.
        halving_epochs: int.
        seed: int, of weights and order.

    Raises:
        UserError: a setting is out of range.
    """

    loss: ReconstructionLoss = ReconstructionLoss(**LOSSES["cosine"])
    activation: str = "linear"
    start: str = "random"
    epochs: int = 30
    batch_size: int = 32
    learning_rate: float = 1e-3
    halving_epochs: int = 4
    seed: int = 0

    def __post_init__(self):
        for name, allowed in (("activation", ACTIVATIONS), ("start", STARTS)):
            if getattr(self, name) not in allowed:
                raise UserError(
                    f"`{name}` must be one of {', '.join(allowed)}. "
                    f"Received: {name}={getattr(self, name)}."
                )
        for name in ("epochs", "batch_size", "learning_rate", "halving_epochs"):
            if not getattr(self, name) > 0:
                raise UserError(
                    f"`{name}` must be above 0. Received: {name}={getattr(self, name)}."
                )


class Autoencoder(keras.Model):
    """Rows to fewer numbers and back: `decoder(activation(encoder(x)))`.

    It remembers the weights that were best, so that one checkpoint holds them too.

    Args:
        dim: int, width of the rows.
        rank: int.
        activation: str.
    """

    def __init__(self, dim, rank, activation="linear"):
        super().__init__()
        self.encoder = keras.layers.Dense(rank, name="encoder")
        self.activation = keras.activations.get(activation)
        self.decoder = keras.layers.Dense(dim, name="decoder")
        self.encoder.build((None, dim))
        self.decoder.build((None, rank))
        self._learnt = [*self.encoder.weights, *self.decoder.weights]
        self._best = [
            self.add_weight(weight.shape, "zeros", trainable=False, name=f"best_{number}")
            for number, weight in enumerate(self._learnt)
        ]
        self._best_score = self.add_weight(
            (), keras.initializers.Constant(np.inf), trainable=False, name="best_score"
        )
        self.built = True

    def call(self, x):
        return self.decoder(self.activation(self.encoder(x)))

    def begin_with(self, factors):
        """Take the decoder of factors, and its transpose, which inverts it, as encoder."""
        self.encoder.kernel.assign(factors.kernel.T)
        self.decoder.kernel.assign(factors.kernel)
        self.decoder.bias.assign(factors.bias)

    def keep_if_best(self, score):
        """Remember the weights where no lower score was seen; None always is the lowest."""
        if score is None or score < float(self._best_score):
            for best, weight in zip(self._best, self._learnt):
                best.assign(weight)
            self._best_score.assign(np.inf if score is None else score)

    def factors(self, table, best=False):
        """`Factors` of a table by the present weights, or by the best."""
        weights = self._best if best else self._learnt
        encoder, encoder_bias, kernel, bias = (np.asarray(weight) for weight in weights)
        latent = table @ encoder + encoder_bias
        return Factors(latent, kernel, bias, keras.activations.serialize(self.activation))


def train_autoencoder(table, rank, config=None, score=None, directory=None, report=None):
    """Factors of a table by an autoencoder that is trained on its rows.

    Args:
        table: float32 `(vocabulary, dim)`.
        rank: int.
        config: `AutoencoderConfig`.
        score: function of `Factors`, called after each epoch, such as the perplexity of a model
            with them: the lowest are kept. None: the last are.
        directory: path where a checkpoint is kept after each epoch, to go on from; or None.
        report: function of a dict of `epoch`, `epochs`, `loss` and, if there is one, `score`.

    Returns:
        `Factors`.

    Raises:
        UserError: the loss is no finite number, or the checkpoint is of another training.

    Example:

    ```python
    factors = train_autoencoder(table, rank=64, config=AutoencoderConfig(seed=1))
    ```
    """
    config = config or AutoencoderConfig()
    keras.utils.set_random_seed(config.seed)
    table = np.ascontiguousarray(table, "float32")
    model = Autoencoder(table.shape[1], rank, config.activation)
    if config.start == "svd":
        model.begin_with(svd_factors(table, rank))
    model.compile(optimizer=keras.optimizers.Adam(config.learning_rate, epsilon=1e-8))
    model.optimizer.build(model.trainable_variables)
    facts = {**dataclasses.asdict(config), "shape": list(table.shape), "rank": rank}
    facts |= {"table": float(np.abs(table, dtype="float64").sum()), "scored": score is not None}
    with tempfile.TemporaryDirectory() as temporary:
        directory = directory or temporary
        first = load_checkpoint(directory, model, facts)
        run_epoch = _epoch_function(model, table, config)
        for epoch in range(first, config.epochs):
            order = np.random.default_rng([config.seed, epoch]).permutation(len(table))
            model.optimizer.learning_rate.assign(
                config.learning_rate * 0.5 ** (epoch // config.halving_epochs)
            )
            loss = float(run_epoch(order.astype("int32"), np.float32(power_at(epoch))))
            if not np.isfinite(loss):
                raise UserError(
                    f"The loss is no finite number in epoch {epoch + 1}. Lower the learning rate. "
                    f"Received: learning_rate={config.learning_rate}."
                )
            value = score(model.factors(table)) if score else None
            model.keep_if_best(value)
            if report:
                scored = {} if value is None else {"score": value}
                report({"epoch": epoch + 1, "epochs": config.epochs, "loss": loss, **scored})
            save_checkpoint(directory, model, epoch + 1, facts)
    return model.factors(table, best=True)


def _epoch_function(model, table, config):
    """A function of an order of rows and a power: learns from all, gives the mean loss."""
    import tensorflow as tf

    rows, size = tf.constant(table), config.batch_size
    steps = -(-len(table) // size)
    weights = model.trainable_variables

    @tf.function
    def run(order, alpha):
        total = tf.constant(0.0)
        for step in tf.range(steps):
            x = tf.gather(rows, order[step * size : (step + 1) * size])
            with tf.GradientTape() as tape:
                loss = config.loss(x, model(x), alpha)
            model.optimizer.apply(tape.gradient(loss, weights), weights)
            total += loss
        return total / steps

    return run
