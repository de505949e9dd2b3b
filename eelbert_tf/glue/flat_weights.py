"""All trainable weights of a model as one vector, and as few vectors to step over."""

import numpy as np

# A table of this many weights is a vector of its own: joining it to others would copy it.
_LARGE = 200_000


class FlatWeights:
    """Where each trainable weight of a model lies in one vector.

    An optimizer steps over a vector in one operation, and starting anew is one assignment. It
    steps over a few groups of weights: those that decay, those that do not, and each large table.

    Args:
        model: a built Keras model.

    Attributes:
        total: int, the weights of the model.
        groups: list of int arrays, the places in the vector of each group's weights.
        decays: list of bool, whether a group decays.
        of_encoder: bool array `(total,)`, true where a weight is of the model's `backbone`.

    Example:

    ```python
    layout = FlatWeights(classifier)
    start = layout.read(classifier)
    layout.write(classifier, start)
    ```
    """

    def __init__(self, model):
        variables = model.trainable_variables
        self.shapes = [tuple(variable.shape) for variable in variables]
        self.sizes = [int(np.prod(shape)) for shape in self.shapes]
        self.total = sum(self.sizes)
        self.of_encoder = np.repeat(self._in_encoder(model), self.sizes)
        # As in BERT's training: biases and the scales of normalizations do not decay.
        decays = [variable.name not in ("bias", "gamma", "beta") for variable in variables]
        kinds = [
            (number if size >= _LARGE else -1, decay)
            for number, (size, decay) in enumerate(zip(self.sizes, decays))
        ]
        of_weights = np.repeat(np.arange(len(kinds)), self.sizes)
        self._members = [
            [number for number, other in enumerate(kinds) if other == kind]
            for kind in dict.fromkeys(kinds)
        ]
        self.groups = [np.flatnonzero(np.isin(of_weights, group)) for group in self._members]
        self.decays = [decays[group[0]] for group in self._members]

    @staticmethod
    def _in_encoder(model):
        of_encoder = {id(variable) for variable in model.backbone.trainable_variables}
        return np.array([id(variable) in of_encoder for variable in model.trainable_variables])

    def read(self, model):
        """The weights of a model of the same shape, float32 `(total,)`."""
        return np.concatenate([np.ravel(v) for v in model.trainable_variables]).astype("float32")

    def write(self, model, vector):
        """Give a model of the same shape the weights of a vector."""
        cuts = np.cumsum(self.sizes)[:-1]
        for variable, part, shape in zip(
            model.trainable_variables, np.split(np.asarray(vector), cuts), self.shapes
        ):
            variable.assign(part.reshape(shape))

    def tensors(self, groups):
        """Tensors of the groups as one tensor for each weight, in the order of the model."""
        import tensorflow as tf

        tensors = [None] * len(self.sizes)
        for group, members in zip(groups, self._members):
            parts = tf.split(group, [self.sizes[number] for number in members])
            for number, part in zip(members, parts):
                tensors[number] = tf.reshape(part, self.shapes[number])
        return tensors
