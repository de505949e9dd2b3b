"""Two tasks in the form that TFDS has of GLUE."""

import numpy as np
import tensorflow_datasets as tfds


class EelbertSmallGlue(tfds.core.GeneratorBasedBuilder):
    """SST-2 and STS-B with hidden labels in `test`."""

    VERSION = tfds.core.Version("1.0.0")
    BUILDER_CONFIGS = [tfds.core.BuilderConfig(name=name) for name in ("sst2", "stsb")]

    @property
    def _pair(self):
        return self.builder_config.name == "stsb"

    def _info(self):
        features = {"idx": tfds.features.Scalar(np.int32)}
        if self._pair:
            features["label"] = tfds.features.Scalar(np.float32)
            texts = ("sentence1", "sentence2")
        else:
            features["label"] = tfds.features.ClassLabel(names=["negative", "positive"])
            texts = ("sentence",)
        features.update({name: tfds.features.Text() for name in texts})
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict(features))

    def _split_generators(self, dl_manager):
        return {
            "train": self._generate_examples(True),
            "validation": self._generate_examples(True),
            "test": self._generate_examples(False),
        }

    def _generate_examples(self, labelled):
        for number in range(20):
            row = {"idx": number, "label": -1}
            if labelled:
                row["label"] = number / 4 if self._pair else number % 2
            if self._pair:
                row |= {"sentence1": f"first {number}", "sentence2": f"second {number}"}
            else:
                row["sentence"] = f"text {number}"
            yield number, row
