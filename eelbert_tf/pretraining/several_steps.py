"""Whether a run does several steps in one compiled call."""

from eelbert_tf.errors import UserError


def several_steps(steps_per_execution, replica_count=1):
    """Whether there are several; before the model is made, which Keras then makes to suit them.

    Args:
        steps_per_execution: int.
        replica_count: int.

    Raises:
        UserError: the backend, or the number of devices, does not allow it.
    """
    import keras

    if steps_per_execution == 1:
        return False
    if keras.config.backend() != "jax" or replica_count > 1:
        raise UserError(
            "`steps_per_execution` above 1 needs the JAX backend (KERAS_BACKEND=jax) and one "
            f"device. Received: steps_per_execution={steps_per_execution} on "
            f"{keras.config.backend()}."
        )
    # Keras 3.15 gives cuDNN's attention masks of a shape that it does not take.
    keras.config.disable_flash_attention()
    return True
