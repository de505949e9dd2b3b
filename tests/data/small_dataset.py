"""A TensorFlow dataset small enough for the tests, with every kind of column."""

import numpy as np
import tensorflow_datasets as tfds


class EelbertSmall(tfds.core.GeneratorBasedBuilder):
    """Pairs with a class, a score, a whole number and a list; hidden labels in `test`."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        features = {
            "sentence1": tfds.features.Text(),
            "sentence2": tfds.features.Text(),
            "label": tfds.features.ClassLabel(names=["no", "yes"]),
            "similarity": tfds.features.Scalar(np.float32),
            "idx": tfds.features.Scalar(np.int32),
            "words": tfds.features.Sequence(tfds.features.Text()),
        }
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict(features))

    def _split_generators(self, dl_manager):
        return {
            "train": self._generate_examples(True),
            "validation": self._generate_examples(True),
            "test": self._generate_examples(False),
        }

    def _generate_examples(self, labelled):
        for number in range(20):
            yield (
                number,
                {
                    "sentence1": f"first käse {number}",
                    "sentence2": b"\xff" if number == 7 else f"second {number}",
                    "label": number % 2 if labelled else -1,
                    "similarity": number / 4,
                    "idx": number,
                    "words": ["a"] * (number % 3),
                },
            )
