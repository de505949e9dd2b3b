"""`TextTask`: what all tasks share, training and prediction on texts as people have them."""

import keras
import numpy as np

from eelbert_tf.distribution.keras_faults import FitUnderStrategy
from eelbert_tf.errors import UserError
from eelbert_tf.models.eelbert_backbone import EelbertBackbone
from eelbert_tf.models.eelbert_preprocessor import EelbertPreprocessor
from eelbert_tf.models.presets import TaskPresetMixin
from eelbert_tf.models.text_inputs import split_rows, to_class_weights, to_texts


class TextTask(FitUnderStrategy, TaskPresetMixin):
    """Mixed into KerasHub's tasks: `fit`, `evaluate` and `predict` take raw texts.

    Texts are a `str`, a list, a NumPy array of any string kind, a pandas Series; pairs a tuple
    of two of these, a list of two-element tuples, or a dict or DataFrame with `text` and
    `text_pair`; or a batched `tf.data.Dataset` of `(text, label)`. Inputs that the preprocessor
    has made already (dicts with `padding_mask`) pass as they are.
    """

    backbone_cls = EelbertBackbone
    preprocessor_cls = EelbertPreprocessor

    def prepare_labels(self, y):
        """Labels as people have them to what the loss takes. Tasks override it."""
        return y

    def compile(self, *args, **kwargs):
        # XLA would compile anew for every sequence length.
        if keras.config.backend() == "tensorflow":
            kwargs.setdefault("jit_compile", False)
        super().compile(*args, **kwargs)

    def get_compile_config(self):
        config = super().get_compile_config()
        # A model that was never trained has no state of its optimizer in the file.
        return config and {**config, "optimizer_built": self.optimizer.built}

    def compile_from_config(self, config):
        config = keras.saving.deserialize_keras_object(config)
        optimizer_built = config.pop("optimizer_built", True)
        # The backend that loads decides on XLA, not the one that saved.
        config.pop("jit_compile", None)
        self.compile(**config)
        if optimizer_built:
            self.optimizer.build(self.trainable_variables)

    def save_task_weights(self, filepath):
        """The weights of the head alone: a preset holds no optimizer state."""
        keras.saving.save_weights(self, filepath, objects_to_skip=self._not_the_head())

    def load_task_weights(self, filepath):
        """What `save_task_weights` wrote."""
        keras.saving.load_weights(self, filepath, objects_to_skip=self._not_the_head())

    def _not_the_head(self):
        return [*self.backbone._flatten_layers(), self.optimizer]

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        sample_weight=None,
        validation_data=None,
        validation_split=0.0,
        shuffle=True,
        seed=0,
        **kwargs,
    ):
        """`keras.Model.fit` on texts.

        Args:
            x: texts or pairs of texts.
            y: labels: names where the model has `labels`, else numbers.
            batch_size: int, 32 by default.
            sample_weight: array or None.
            validation_data: `(x, y)`, `(x, y, sample_weight)` or a dataset.
            validation_split: float. The last part of `x` that validates.
            shuffle: bool. A new order each epoch; texts of like length share a batch.
            seed: int, of that order.
            **kwargs: everything else that `keras.Model.fit` takes.

        Returns:
            `keras.callbacks.History`.
        """
        if self._passes(x):
            return keras.Model.fit(
                self,
                x,
                y,
                batch_size=batch_size,
                sample_weight=sample_weight,
                validation_data=validation_data,
                validation_split=validation_split,
                shuffle=shuffle,
                **kwargs,
            )
        if isinstance(validation_data, (tuple, list)):
            validation_data = self._batches(*validation_data, batch_size=batch_size)
        elif validation_data is not None:
            validation_data = self._batches(validation_data)
        if validation_split:
            columns = self._columns(x)
            (x, y, sample_weight), held_out = split_rows(
                columns, y, sample_weight, validation_split
            )
            validation_data = self._batches(*held_out, batch_size=batch_size)
        if kwargs.get("class_weight") and getattr(self, "labels", None):
            kwargs["class_weight"] = to_class_weights(kwargs["class_weight"], self.labels)
        data = self._batches(
            x, y, sample_weight, batch_size, shuffle_seed=seed if shuffle else None, training=True
        )
        # The data is shuffled already.
        kwargs["shuffle"] = False
        return keras.Model.fit(self, data, validation_data=validation_data, **kwargs)

    def evaluate(self, x=None, y=None, batch_size=None, sample_weight=None, **kwargs):
        """`keras.Model.evaluate` on texts."""
        if kwargs.get("_use_cached_eval_dataset") or self._passes(x):
            return keras.Model.evaluate(
                self, x, y, batch_size=batch_size, sample_weight=sample_weight, **kwargs
            )
        return keras.Model.evaluate(self, self._batches(x, y, sample_weight, batch_size), **kwargs)

    def predict(self, x, batch_size=None, **kwargs):
        """`keras.Model.predict` on texts: one row of outputs a text, in their order."""
        if self._passes(x) or _is_dataset(x):
            data = self._batches(x) if _is_dataset(x) and not self._passes(x) else x
            return keras.Model.predict(self, data, batch_size=batch_size, **kwargs)
        texts, pairs = to_texts(x)
        if not len(texts):
            raise UserError("`predict` needs at least one text. Received: none.")
        # Texts of like length share a batch, so that cost follows length.
        sizes = [len(text) for text in texts]
        if pairs is not None:
            sizes = [size + len(pair) for size, pair in zip(sizes, pairs)]
        order = np.argsort(sizes, kind="stable")
        x = texts[order] if pairs is None else (texts[order], pairs[order])
        outputs = keras.Model.predict(self, self._batches(x, batch_size=batch_size), **kwargs)
        return _unsorted(outputs, order)

    def _columns(self, x):
        """The texts and their pairs, as sequences."""
        return to_texts(x)

    def _passes(self, x):
        """Whether inputs need no preprocessing."""
        return self.preprocessor is None or (isinstance(x, dict) and "padding_mask" in x)

    def _batches(
        self, x, y=None, sample_weight=None, batch_size=None, shuffle_seed=None, training=False
    ):
        if keras.config.backend() == "tensorflow":
            from eelbert_tf.models import text_datasets
        else:
            from eelbert_tf.models import text_batches

            text_batches.check_possible(_is_dataset(x), training and self.preprocessor.is_random)
        if _is_dataset(x):
            if y is not None:
                raise UserError("`y` must be None where `x` is a dataset: it holds the labels.")
            return text_datasets.preprocessed(
                text_datasets.with_positional_inputs(x), self.preprocessor, training
            )
        texts, pairs = to_texts(x)
        y = None if y is None else np.asarray(self.prepare_labels(y))
        if not len(texts):
            raise UserError("At least one text is needed. Received: none.")
        for name, column in (("labels", y), ("sample weights", sample_weight)):
            if column is not None and len(column) != len(texts):
                raise UserError(
                    f"Texts and {name} must be equally many. "
                    f"Received: {len(texts)} texts, {len(column)} {name}."
                )
        arguments = (texts, pairs, y, sample_weight, batch_size or 32, shuffle_seed)
        if keras.config.backend() != "tensorflow":
            return text_batches.TextBatches(self.preprocessor, *arguments)
        dataset = text_datasets.from_arrays(*arguments)
        return text_datasets.preprocessed(dataset, self.preprocessor, training)


def _is_dataset(x):
    return hasattr(x, "element_spec")


def _unsorted(outputs, order):
    inverse = np.argsort(order)
    return keras.tree.map_structure(lambda array: array[inverse], outputs)
