"""All trainable weights of a model as one vector."""

import numpy as np


class FlatWeights:
    """Where each trainable weight of a model lies in one vector.

    An optimizer steps over one vector in one operation, and starting anew is one assignment.

    Args:
        model: a built Keras model.

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
        # As in BERT's training: biases and the scales of normalizations do not decay.
        decays = [variable.name not in ("bias", "gamma", "beta") for variable in variables]
        self.decays = np.repeat(np.array(decays, "float32"), self.sizes)
        self.of_encoder = np.repeat(self._in_encoder(model), self.sizes)

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

    def tensors(self, vector):
        """A tensor `(total,)` as one tensor for each weight, in the order of the model."""
        import tensorflow as tf

        return [tf.reshape(p, s) for p, s in zip(tf.split(vector, self.sizes), self.shapes)]
