"""Training steps on the JAX backend: Keras shares each batch among the devices itself."""

import contextlib

import keras
from keras.distribution import DataParallel


class JaxReplicas:
    """As `TensorFlowReplicas`.

    Args:
        devices: list of str, as of `keras.distribution.list_devices`; one device unless given.
    """

    is_chief = True

    def __init__(self, devices=None):
        self.count = len(devices) if devices else 1
        self._distribution = DataParallel(devices=devices) if devices else None

    def scope(self):
        """Models are made in it, and trained."""
        return self._distribution.scope() if self._distribution else contextlib.nullcontext()

    def wait(self):
        """All is one process."""

    def placed(self, part_of):
        """All of a batch, its rows a multiple of the devices."""
        return part_of(0, 1, multiple=self.count)

    def step_function(self, model, placed):
        """A function of what `placed` gives: it trains once and gives the losses by name."""

        def step(batch):
            x, y, weights = batch
            # That of KerasHub's tasks would preprocess once more.
            return keras.Model.train_on_batch(model, x, y, sample_weight=weights, return_dict=True)

        return step
