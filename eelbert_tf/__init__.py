"""Tiny BERT models without a vocabulary, for Keras and TensorFlow.

Everything public is an attribute of this package and is imported when it is first used, so that
`import eelbert_tf` is quick. Once Keras is there, its classes are registered with it, so that
`keras.models.load_model` finds them.
"""

import importlib

from eelbert_tf.registration import register_classes, register_when_keras_is_imported
from eelbert_tf.version import __version__ as __version__

_HOMES = {
    "BertTextClassifier": "eelbert_tf.models.bert_text_classifier",
    "CodePointHashEmbedding": "eelbert_tf.layers.code_point_hash_embedding",
    "CompactBertBackbone": "eelbert_tf.models.compact_bert_backbone",
    "EelbertBackbone": "eelbert_tf.models.eelbert_backbone",
    "EelbertMaskedLM": "eelbert_tf.models.eelbert_masked_lm",
    "EelbertMaskedLMPreprocessor": "eelbert_tf.models.eelbert_masked_lm_preprocessor",
    "EelbertPreprocessor": "eelbert_tf.models.eelbert_preprocessor",
    "EelbertTextClassifier": "eelbert_tf.models.eelbert_text_classifier",
    "EelbertTextEmbedder": "eelbert_tf.models.eelbert_text_embedder",
    "EelbertTokenClassifier": "eelbert_tf.models.eelbert_token_classifier",
    "HashConfig": "eelbert_tf.hashing.specification",
    "NGramHashEmbedding": "eelbert_tf.layers.ngram_hash_embedding",
    "UserError": "eelbert_tf.errors",
    "WordPiecePreprocessor": "eelbert_tf.models.word_piece_preprocessor",
    "export_litert": "eelbert_tf.export.litert",
    "export_mediapipe": "eelbert_tf.export.mediapipe",
    "export_onnx": "eelbert_tf.export.onnx",
    "export_saved_model": "eelbert_tf.export.saved_model",
    "export_version": "eelbert_tf.export.serving.versions",
    "learn_word_pieces": "eelbert_tf.models.word_pieces",
    "list_presets": "eelbert_tf.preset_names",
    "load_predictor": "eelbert_tf.runtimes.load",
    "model_summary": "eelbert_tf.models.summary",
    "read_examples": "eelbert_tf.data.read",
}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    register_classes()
    return value


def __dir__():
    return __all__


register_when_keras_is_imported()
