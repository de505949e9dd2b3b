"""The task of a shipped model: loaded, its classes renamed, its weights rounded."""

import numpy as np


def load(directory):
    """The classifier of a preset directory; of anything else, an embedder."""
    from eelbert_tf.models import EelbertTextClassifier, EelbertTextEmbedder

    if (directory / "preset").is_dir():
        directory = directory / "preset"
    file = directory / "task.json"
    is_ours = file.is_file() and "EelbertTextClassifier" in file.read_text(encoding="utf-8")
    return (EelbertTextClassifier if is_ours else EelbertTextEmbedder).from_preset(directory)


def is_classifier(task):
    from eelbert_tf.models import EelbertTextClassifier

    return isinstance(task, EelbertTextClassifier)


def rename(task, labels, examples):
    """Give the classes of a task, and of rows that use the old ones, other names."""
    from eelbert_tf.data.examples import Examples
    from eelbert_tf.errors import UserError
    from eelbert_tf.export.outputs import label_names

    old = label_names(task) or []
    if len(labels) != len(old):
        raise UserError(f"`--labels` must be {len(old)} names. Received: {', '.join(labels)}.")
    names = dict(zip(old, labels))
    task.labels = list(labels)
    new = [names.get(label, label) for label in examples.labels]
    return Examples(examples.texts, examples.text_pairs, new, examples.source)


def round_weights(task, mantissa_bits):
    """Round weights to the nearest number of so many bits of mantissa; ties go away from 0.

    >>> round_weights(task, 10)  # as precise as float16, with the range of float32
    """
    dropped = 23 - mantissa_bits
    if not 0 <= dropped < 23:
        from eelbert_tf.errors import UserError

        raise UserError(f"`--mantissa-bits` must be from 1 to 23. Received: {mantissa_bits}.")
    half = np.uint32((1 << dropped) >> 1)
    kept = np.uint32(0xFFFFFFFF << dropped & 0xFFFFFFFF)
    for weight in task.weights:
        if weight.dtype == "float32":
            bits = np.array(weight).view(np.uint32)
            weight.assign(((bits + half) & kept).view(np.float32))
