"""The name under which Keras knows the classes of this package."""

import keras

PACKAGE = "eelbert_tf"


def register(cls):
    """Register a class, so that saved models find it."""
    return keras.saving.register_keras_serializable(package=PACKAGE)(cls)
