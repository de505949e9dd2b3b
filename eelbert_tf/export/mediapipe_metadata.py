"""What MediaPipe reads about a model: `ModelMetadata` of TFLite's metadata_schema.fbs.

The `.tflite` holds it as a buffer of the name `TFLITE_METADATA`. TensorFlow has no code for this
schema; the slots below are the places of the fields in its tables.
"""

import flatbuffers

from eelbert_tf.export.mediapipe_tokenizer import TOKENIZER_FILE

METADATA_NAME = "TFLITE_METADATA"
_IDENTIFIER = b"M001"
_PARSER_VERSION = "1.1.0"  # the first with SentencePiece
_DESCRIPTIONS, _LABELS = 1, 2  # AssociatedFileType
_SENTENCE_PIECE = 5  # ProcessUnitOptions


def mediapipe_metadata(name, inputs, output, labels_file=None, other_files=()):
    """The metadata of a text classifier or embedder with BERT's inputs.

    Args:
        name: str, of the model.
        inputs: list of `"ids"`, `"mask"`, `"segment_ids"`, in the order of the graph's inputs.
        output: str, the name of the output.
        labels_file: str or None, the file in the archive of the names of the output's numbers.
        other_files: names of what is in the archive beside these and the tokenizer.

    Returns:
        bytes.
    """
    build = _Builder()
    tokenizer = build.table(2, {0: build.vector([build.file(TOKENIZER_FILE)])})
    unit = build.table(2, {1: tokenizer}, bytes={0: _SENTENCE_PIECE})
    labels = [build.file(labels_file, _LABELS)] if labels_file else []
    subgraph = build.table(
        10,
        {
            2: build.vector([build.tensor(name) for name in inputs]),
            3: build.vector([build.tensor(output, labels)]),
            5: build.vector([unit]),
        },
    )
    model = build.table(
        8,
        {
            0: build.string(name),
            3: build.vector([subgraph]),
            6: build.vector([build.file(name, _DESCRIPTIONS) for name in other_files]),
            7: build.string(_PARSER_VERSION),
        },
    )
    return build.finished(model)


class _Builder:
    """Tables of offsets, children first."""

    def __init__(self):
        self._builder = flatbuffers.Builder(1024)

    def string(self, text):
        return self._builder.CreateString(text)

    def vector(self, offsets):
        self._builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self._builder.PrependUOffsetTRelative(offset)
        return self._builder.EndVector()

    def table(self, fields, offsets, bytes=None):
        """A table of a number of `fields`, of which some slots hold offsets or single bytes."""
        self._builder.StartObject(fields)
        for slot, offset in offsets.items():
            self._builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
        for slot, value in (bytes or {}).items():
            self._builder.PrependUint8Slot(slot, value, 0)
        return self._builder.EndObject()

    def file(self, name, type=0):
        """An `AssociatedFile`."""
        return self.table(5, {0: self.string(name)}, bytes={2: type})

    def tensor(self, name, files=()):
        """A `TensorMetadata`."""
        slots = {0: self.string(name)}
        if files:
            slots[6] = self.vector(files)
        return self.table(7, slots)

    def finished(self, root):
        self._builder.Finish(root, _IDENTIFIER)
        return self._builder.Output()
