"""The names of strategies, and what each needs. Imports no Keras."""

from eelbert_tf.errors import UserError

MIRRORED, MULTI_WORKER, DATA_PARALLEL = "mirrored", "multi_worker", "data_parallel"
BACKENDS = {MIRRORED: "tensorflow", MULTI_WORKER: "tensorflow", DATA_PARALLEL: "jax"}


def open_replicas(strategy=None, devices=None):
    """The devices that a run trains on.

    TensorFlow must not have computed anything before, where there are several workers.

    Args:
        strategy: None for one device; `"mirrored"`, several GPUs (or logical devices) of this
            machine; `"multi_worker"`, several processes that TF_CONFIG names; `"data_parallel"`,
            several devices on the JAX backend.
        devices: int or None. How many of this machine's devices; all unless given.

    Returns:
        `TensorFlowReplicas` or `JaxReplicas`.

    Raises:
        UserError: the backend is another, there are fewer devices, TF_CONFIG is missing or says
            something else, or its address is taken.
    """
    import keras

    backend = keras.config.backend()
    if strategy is not None and BACKENDS.get(strategy) != backend:
        fitting = [name for name, of in BACKENDS.items() if of == backend]
        raise UserError(
            f"On the {backend} backend of Keras, `strategy` must be among "
            f"{', '.join(fitting) or 'none'}. Received: strategy={strategy!r}. KERAS_BACKEND "
            "chooses the backend."
        )
    if devices is not None and strategy not in (MIRRORED, DATA_PARALLEL):
        raise UserError(
            f"`devices` goes with {MIRRORED} and {DATA_PARALLEL}. Received: devices={devices} "
            f"with strategy={strategy!r}."
        )
    if backend != "tensorflow":
        from eelbert_tf.distribution.jax_replicas import JaxReplicas

        names = strategy and _chosen(keras.distribution.list_devices(), devices)
        return JaxReplicas(names)
    import tensorflow as tf

    from eelbert_tf.distribution.tensorflow_replicas import TensorFlowReplicas

    if strategy == MIRRORED:
        found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        names = _chosen([device.name for device in found], devices)
        return TensorFlowReplicas(tf.distribute.MirroredStrategy(names))
    if strategy == MULTI_WORKER:
        return _workers(tf, TensorFlowReplicas)
    return TensorFlowReplicas()


def check_batch_size(batch_size, replicas):
    """Raise `UserError` where each replica would not get as many rows as the others."""
    if batch_size % replicas.count:
        raise UserError(
            f"`batch_size` must be a multiple of the number of replicas, {replicas.count}. "
            f"Received: batch_size={batch_size}."
        )


def _chosen(found, count):
    count = len(found) if count is None else count
    if not 1 <= count <= len(found):
        raise UserError(
            f"`devices` must be from 1 to {len(found)}, the number of devices here. "
            f"Received: devices={count}."
        )
    return found[:count]


def _workers(tf, replicas):
    from eelbert_tf.distribution.cluster import VARIABLE, read_cluster

    cluster = read_cluster()
    if cluster is None:
        raise UserError(
            f"The strategy {MULTI_WORKER} needs the environment variable {VARIABLE}, which names "
            "the workers. Received: none. `--workers 2` starts two on this machine."
        )
    try:
        return replicas(tf.distribute.MultiWorkerMirroredStrategy(), cluster)
    except (tf.errors.OpError, RuntimeError) as error:
        raise UserError(
            f"Worker {cluster.index} could not join the others at "
            f"{', '.join(cluster.addresses)}: {str(error)[:300]}"
        ) from error
