"""To a `.tflite` that MediaPipe Tasks takes as it is: on Android, iOS, the Web and in Python."""

import zipfile

import tensorflow as tf

from eelbert_tf.errors import UserError
from eelbert_tf.export.archive import CARD_FILE, LABELS_FILE, SETTINGS_FILE, archive
from eelbert_tf.export.code_points import answer, check_code_points, window
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.litert import convert
from eelbert_tf.export.mediapipe_metadata import METADATA_NAME, mediapipe_metadata
from eelbert_tf.export.mediapipe_tokenizer import TOKENIZER_FILE, text_bytes, tokenizer_model
from eelbert_tf.export.modes import MEDIAPIPE
from eelbert_tf.export.settings import model_settings
from eelbert_tf.export.utf8 import bytes_of, decode_utf8
from eelbert_tf.files import replaced
from eelbert_tf.models.problem_types import REGRESSION

INPUTS = ("ids", "mask", "segment_ids")
# Before and behind the text.
_TOKENS_AROUND = 2


def export_mediapipe(
    task, path, pair=False, max_words=None, overwrite=False, quantize="none", card=None
):
    """Write a file for MediaPipe's `TextClassifier`, or for its `TextEmbedder`.

    The graph has BERT's inputs `ids`, `mask` and `segment_ids`, int32 `(1, length)`. The file
    brings a tokenizer whose pieces are bytes, and the graph makes code points of them, so that
    it answers to every text as the `.tflite` of `export_litert` does; see docs/mediapipe.md. The
    archive at its end holds, uncompressed, what that of `export_litert` does, and the tokenizer.

    Args:
        task: `EelbertTextClassifier` of classes or of several labels, or `EelbertTextEmbedder`,
            with its preprocessor.
        path: where the file goes.
        pair: bool. Whether the task takes pairs, which MediaPipe does not.
        max_words, overwrite, card: as in `export_litert`.
        quantize: the same, but for the recipes of ai-edge-quantizer.

    Raises:
        UserError: MediaPipe has no task for it (pairs, scores), or `export_litert` would raise.

    Example:

    ```python
    export_mediapipe(classifier, "classifier.tflite")
    # where mediapipe is installed:
    text_classifier = mediapipe.tasks.python.text.TextClassifier.create_from_model_path(
        "classifier.tflite"
    )
    text_classifier.classify("a great film").classifications[0].categories
    ```
    """
    check_code_points(task, ".tflite")
    _check_task(task, pair)
    words, characters = window(task.preprocessor, max_words)
    settings = {**model_settings(task, pair, words, characters), "format": MEDIAPIPE}
    function = _token_function(task, words, characters)
    labels_file = LABELS_FILE if settings["labels"] else None
    others = [SETTINGS_FILE, *([CARD_FILE] if card else [])]
    (output,) = function.structured_outputs
    graph = Graph(convert(function, quantize))
    metadata = mediapipe_metadata(task.name, graph.inputs(), output, labels_file, others)
    graph.add_metadata(METADATA_NAME, metadata)
    files = archive(settings, card, {TOKENIZER_FILE: tokenizer_model()}, zipfile.ZIP_STORED)
    with replaced(path, overwrite) as temporary:
        temporary.write_bytes(graph.to_bytes(names=True) + files)


def _check_task(task, pair):
    if pair:
        raise UserError(
            "A model of pairs cannot become a file for MediaPipe: its TextClassifier takes one "
            "text. Export it to .tflite (litert)."
        )
    if getattr(task, "problem_type", None) == REGRESSION:
        raise UserError(
            "A model of scores cannot become a file for MediaPipe: its TextClassifier gives "
            "probabilities of classes. Export it to .tflite (litert)."
        )


def _token_function(task, words, characters):
    def function(ids, mask, segment_ids):
        code_points = decode_utf8(text_bytes(ids), characters)
        return answer(task, words, code_points)

    shape = [1, bytes_of(characters) + _TOKENS_AROUND]
    return tf.function(function).get_concrete_function(
        **{name: tf.TensorSpec(shape, tf.int32, name=name) for name in INPUTS}
    )
