"""From a trained task to a smaller one, while it goes on training."""

import keras

from eelbert_tf.compression.methods import method_options, prepare
from eelbert_tf.data.split import label_names
from eelbert_tf.errors import UserError
from eelbert_tf.models import EelbertTextClassifier
from eelbert_tf.runtimes.load import load_task, model_part
from eelbert_tf.training.evaluate import check_labels, is_score
from eelbert_tf.training.fine_tune import fit


def load_for_compression(model, train):
    """The task that a model directory holds, with its head where it has one.

    Args:
        model: str or path of what `eelbert train` wrote, or the name of a shipped model.
        train: `Examples` to go on training with. An encoder gets a new head for their labels.

    Returns:
        `(task, pair)`: `EelbertTextClassifier`, and whether it takes pairs.

    Raises:
        UserError: there is no such model, or it is of another kind than the examples.
    """
    task, pair = load_task(model)
    given = train.text_pairs is not None
    if not isinstance(task, EelbertTextClassifier):
        if is_score(train):
            head = {"problem_type": "regression"}
        else:
            head = {"labels": label_names(train.labels)}
        return EelbertTextClassifier.from_preset(model_part(model, "keras"), **head), given
    if pair != given:
        kinds = {True: "pairs of texts", False: "single texts"}
        raise UserError(
            f"{model} takes {kinds[pair]}, so the data must be such. Received: {kinds[given]} in "
            f"{train.source}."
        )
    check_labels(train, task.labels)
    return task, pair


def compress(task, pair, train, method, options=None, *, seed=0, callbacks=(), **settings):
    """Fine-tune a task so that it takes fewer bytes.

    Args:
        task: `EelbertTextClassifier`; it goes on training, its head included.
        pair: bool. Whether it takes pairs.
        train: `Examples` with labels.
        method: str, one of `eelbert_tf.compression.methods.METHODS`.
        options: dict, the method's own.
        seed: int, of order and dropout.
        callbacks: further Keras callbacks.
        **settings: `epochs`, `batch_size`, `learning_rate` and what else `fit` takes.

    Returns:
        The task.

    Raises:
        UserError: an option is out of range, or the training diverges.

    Example:

    ```python
    compress(task, False, train, "prune", {"sparsity": 0.8},
             epochs=2, batch_size=32, learning_rate=1e-3)
    ```
    """
    keras.utils.set_random_seed(seed)
    trainable = [(layer, layer.trainable) for layer in task._flatten_layers()]
    if not pair:
        merge_segments(task.backbone)
    own = prepare(method, task, method_options(method, options or {}))
    fit(task, train, seed=seed, callbacks=[*own, *callbacks], **settings)
    for layer, value in trainable:
        layer.trainable = value
    return task


def merge_segments(backbone):
    """Move the first segment's vector into the positions; answers stay the same.

    A `.tflite` of single texts, which have that segment alone, stores the sum of both as one
    table. So that what training makes of the positions is what is stored, the segments are frozen.
    """
    [positions] = backbone.position_embedding.weights
    [segments] = backbone.segment_embedding.weights
    positions.assign(positions + segments[:1])
    segments.assign(segments - segments[:1])
    backbone.segment_embedding.trainable = False
