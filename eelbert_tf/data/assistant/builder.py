"""The TensorFlow dataset `eelbert_assistant`; importing this module registers it."""

from collections.abc import Iterator

import tensorflow_datasets as tfds

from eelbert_tf.data.assistant import SPLITS, assistant_path
from eelbert_tf.data.read import read_examples
from eelbert_tf.data.split import label_names


class EelbertAssistant(tfds.core.GeneratorBasedBuilder):
    """Requests to a phone assistant in 16 classes, from files that come with the package.

    Example:
        >>> tfds.load("eelbert_assistant", split="train", data_dir="datasets")
    """

    # A prepared copy is kept under this version: raise it when the files change.
    VERSION = tfds.core.Version("1.0.0")

    def _info(self) -> tfds.core.DatasetInfo:
        classes = label_names(read_examples(assistant_path("train")).labels)
        return tfds.core.DatasetInfo(
            builder=self,
            description=__doc__,
            features=tfds.features.FeaturesDict(
                {
                    "text": tfds.features.Text(),
                    "label": tfds.features.ClassLabel(names=classes),
                }
            ),
            supervised_keys=("text", "label"),
            license="Apache-2.0",
        )

    def _split_generators(self, dl_manager) -> dict[str, Iterator]:
        return {split: self._generate_examples(split) for split in SPLITS}

    def _generate_examples(self, split: str) -> Iterator[tuple[int, dict[str, str]]]:
        examples = read_examples(assistant_path(split))
        for key, (text, label) in enumerate(zip(examples.texts, examples.labels, strict=True)):
            yield key, {"text": text, "label": label}
