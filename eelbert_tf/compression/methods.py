"""The methods of `eelbert compress`. Imports nothing heavy, for the command line's start."""

import dataclasses
import importlib

from eelbert_tf.errors import UserError


@dataclasses.dataclass(frozen=True)
class Method:
    """A way to make a task smaller.

    Attributes:
        module: str. Its `prepare(task, **options)` changes the task where it must, and
            returns the Keras callbacks that fine-tune it.
        options: dict from the names of its options to what they are where none is given.
    """

    module: str
    options: dict


METHODS = {
    "prune": Method(
        "eelbert_tf.compression.pruning", {"sparsity": None, "pattern": None, "schedule": None}
    ),
    "cluster": Method("eelbert_tf.compression.clustering", {"clusters": 16}),
    "qat": Method("eelbert_tf.compression.quantization_aware_training", {"bits": 8}),
}


def method_options(name, given):
    """The options of a method, those given and else the defaults.

    Args:
        name: str, one of `METHODS`.
        given: dict of options of any methods; None where one is not given.

    Raises:
        UserError: one belongs to another method.
    """
    options = METHODS[name].options
    for option, value in given.items():
        if value is not None and option not in options:
            owners = [other for other, method in METHODS.items() if option in method.options]
            raise UserError(
                f"`--{option}` is for `--method {' or '.join(owners)}`. Received: --method {name}."
            )
    return {
        option: default if given.get(option) is None else given[option]
        for option, default in options.items()
    }


def prepare(name, task, options):
    """Prepare a task for a method; returns the callbacks that fine-tune it.

    Args:
        name: str, one of `METHODS`.
        task: `EelbertTextClassifier`, changed in place.
        options: dict, as `method_options` gives it.

    Raises:
        UserError: an option is out of range.
    """
    return importlib.import_module(METHODS[name].module).prepare(task, **options)
