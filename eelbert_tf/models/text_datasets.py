"""`tf.data` pipelines from texts to batches of encoder inputs."""

import weakref

import tensorflow as tf

from eelbert_tf.errors import UserError

# Batches that are sorted by length together: little padding, still a random order.
_SORTED_TOGETHER = 64
# The graph of each preprocessor, with the settings that it was made for.
_GRAPHS = weakref.WeakKeyDictionary()


def from_arrays(texts, pairs, y, sample_weight, batch_size, shuffle_seed=None):
    """Batches of `(x, y, sample_weight)` from arrays; shuffled anew each epoch with a seed.

    Args:
        texts: NumPy object array of bytes; `pairs` the same or None.
        y: array of labels, or None.
        sample_weight: array, or None.
        batch_size: int.
        shuffle_seed: int, or None to keep the order.

    Returns:
        A `tf.data.Dataset`.
    """
    x = texts if pairs is None else (texts, pairs)
    parts = (x,) if y is None else (x, y)
    parts = parts if sample_weight is None else (*parts, sample_weight)
    dataset = tf.data.Dataset.from_tensor_slices(parts)
    if shuffle_seed is None:
        return dataset.batch(batch_size)
    together = batch_size * _SORTED_TOGETHER
    dataset = dataset.shuffle(len(texts), seed=shuffle_seed).batch(together)
    dataset = dataset.map(_sorted_by_length).unbatch().batch(batch_size)
    dataset = dataset.shuffle(_SORTED_TOGETHER, seed=shuffle_seed)
    return dataset.apply(tf.data.experimental.assert_cardinality(-(-len(texts) // batch_size)))


def _sorted_by_length(*parts):
    columns = parts[0] if isinstance(parts[0], tuple) else (parts[0],)
    order = tf.argsort(tf.add_n([tf.strings.length(column) for column in columns]))
    return tf.nest.map_structure(lambda part: tf.gather(part, order), parts)


def preprocessed(dataset, preprocessor, training):
    """Map a preprocessor over batches, beside the training, with random seeds if it asks."""
    function = traced_once(preprocessor)
    if training and preprocessor.is_random:
        seeds = tf.data.Dataset.random(
            seed=preprocessor.seed, rerandomize_each_iteration=True
        ).batch(2)
        dataset = tf.data.Dataset.zip(dataset, seeds).map(
            lambda batch, seed: function(*_unpack(batch), random_seed=tf.cast(seed, tf.int32)),
            num_parallel_calls=tf.data.AUTOTUNE,
        )
    else:
        dataset = dataset.map(
            lambda *batch: function(*_unpack(batch)), num_parallel_calls=tf.data.AUTOTUNE
        )
    return dataset.prefetch(tf.data.AUTOTUNE)


def traced_once(preprocessor):
    """The preprocessor as a graph for all datasets: tracing takes longer than a batch."""
    config = preprocessor.get_config()
    known, function = _GRAPHS.get(preprocessor, (None, None))
    if known != config:
        # Neither the function nor converted code may keep the key alive.
        reference = weakref.ref(preprocessor)
        function = tf.function(lambda *batch, **seed: reference()(*batch, **seed), autograph=False)
        _GRAPHS[preprocessor] = config, function
    return function


def _unpack(batch):
    batch = batch if isinstance(batch, tuple) else (batch,)
    return (*batch, None, None)[:3]


def with_positional_inputs(dataset):
    """Datasets of `{"text": ..., "text_pair": ...}` as those of texts or tuples.

    Raises:
        UserError: the dataset is not batched, has other names, or has names as labels.
    """
    _check_elements(dataset.element_spec)

    def positional(*batch):
        x = batch[0]
        if isinstance(x, dict):
            x = (x["text"], x["text_pair"]) if "text_pair" in x else x["text"]
        return (x, *batch[1:])

    return dataset.map(positional)


def _check_elements(spec):
    x, *y = spec if isinstance(spec, tuple) else (spec,)
    if isinstance(x, dict) and "text" not in x:
        raise UserError(
            "Elements of a dataset must have the names `text` and, for pairs, `text_pair`. "
            f"Received: {', '.join(x)}."
        )
    if any(part.shape.rank == 0 for part in tf.nest.flatten(x)):
        raise UserError("A dataset must be batched. Received: single texts. Call `.batch(32)`.")
    if y and tf.nest.flatten(y)[0].dtype == tf.string:
        raise UserError(
            "Labels in a dataset must be numbers. Received: strings. Map each to its place in the "
            "model's `labels`; two texts of a pair go into one tuple."
        )
