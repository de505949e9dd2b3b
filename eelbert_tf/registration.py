"""Registers this package's classes with Keras without importing Keras before its time.

`keras.models.load_model` finds only classes that are registered, which needs Keras; and
`import eelbert_tf` must be quick, which forbids importing it. So the registration waits for the
first `import keras`, by a finder that wraps its loader once.
"""

import importlib.abc
import importlib.util
import sys

_MODELS = "eelbert_tf.models"
_USING_KERAS = (_MODELS, "eelbert_tf.layers.", "eelbert_tf.hashing.")


def register_classes():
    """Import, and so register, all classes, if Keras is imported already."""
    if "keras" in sys.modules:
        importlib.import_module(_MODELS)


def register_when_keras_is_imported():
    """Register all classes now if Keras is imported already, else right after it is."""
    register_classes()
    if "keras" not in sys.modules:
        sys.meta_path.insert(0, _KerasWatcher())


class _KerasWatcher(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "keras":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def load_and_register(module):
            load(module)
            # A module of ours that imports Keras is not complete yet: it registers what it needs.
            if not any(name.startswith(_USING_KERAS) for name in sys.modules):
                register_classes()

        spec.loader.exec_module = load_and_register
        return spec
