"""What an autoencoder of a token table learns by: direction, annealed power-L1, L2."""

import dataclasses

from eelbert_tf.errors import UserError

# The first weights are the paper's released ones.
LOSSES = {
    "cosine": {"cosine": 0.1995, "power": 0.0025},
    "l2": {"l2": 1.0},
}
FIRST_POWER, LAST_POWER, POWER_EPOCHS = 1.0, 0.1, 20


@dataclasses.dataclass(frozen=True)
class ReconstructionLoss:
    """A weighted sum of three losses.

    Args:
        cosine: float, weight of the mean cosine distance of the rows.
        power: float, weight of the mean of (|x - y| + 1e-10)^alpha, see `power_at`.
        l2: float, weight of the mean squared difference.

    Raises:
        UserError: a weight is negative, or all are 0.
    """

    cosine: float = 0.0
    power: float = 0.0
    l2: float = 0.0

    def __post_init__(self):
        weights = dataclasses.astuple(self)
        if not all(0 <= weight < float("inf") for weight in weights) or not any(weights):
            raise UserError(
                "The weights of a loss must be at least 0, and one of them above. "
                f"Received: cosine={self.cosine}, power={self.power}, l2={self.l2}."
            )

    def __call__(self, x, y, alpha):
        """The loss of a batch.

        Args:
            x, y: tensors `(batch, dim)`, rows and what was made of them.
            alpha: scalar, the power.
        """
        from keras import ops

        total = 0.0
        if self.cosine:
            total += self.cosine * (1.0 - ops.mean(ops.sum(_unit(x) * _unit(y), axis=-1)))
        if self.power:
            total += self.power * ops.mean(ops.power(ops.abs(x - y) + 1e-10, alpha))
        if self.l2:
            total += self.l2 * ops.mean(ops.square(x - y))
        return total


def _unit(x):
    from keras import ops

    return x / ops.maximum(ops.sqrt(ops.sum(ops.square(x), axis=-1, keepdims=True) + 1e-24), 1e-8)


def power_at(epoch):
    """The power of an epoch, counted from 0: 1.0 falls to 0.1 over 20 epochs, then stays."""
    share = min(epoch, POWER_EPOCHS) / POWER_EPOCHS
    return FIRST_POWER + share * (LAST_POWER - FIRST_POWER)


def parse_loss(text):
    """A loss as the command line has it.

    Args:
        text: str, `"cosine"` (the paper's), `"l2"`, or weights such as `"cosine=0.2,l2=1"`.

    Raises:
        UserError: it is none of these.

    >>> parse_loss("cosine=0.2,l2=1")
    ReconstructionLoss(cosine=0.2, power=0.0, l2=1.0)
    """
    if text in LOSSES:
        return ReconstructionLoss(**LOSSES[text])
    try:
        weights = {}
        for part in text.split(","):
            name, weight = part.split("=")
            weights[name.strip()] = float(weight)
        return ReconstructionLoss(**weights)
    except (ValueError, TypeError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(
            f"`loss` must be {', '.join(LOSSES)}, or weights such as "
            f"cosine=0.1995,power=0.0025,l2=0. Received: loss={text}."
        ) from None
