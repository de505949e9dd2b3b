"""Backbone, preprocessors and tasks, in KerasHub's manner.

Importing any of them imports all, so that all are registered with Keras.
"""

from eelbert_tf.layers.code_point_hash_embedding import CodePointHashEmbedding
from eelbert_tf.layers.factorized_token_and_position_embedding import (
    FactorizedTokenAndPositionEmbedding,
)
from eelbert_tf.layers.ngram_hash_embedding import NGramHashEmbedding
from eelbert_tf.models.bert_text_classifier import BertTextClassifier
from eelbert_tf.models.compact_bert_backbone import CompactBertBackbone
from eelbert_tf.models.eelbert_backbone import EelbertBackbone
from eelbert_tf.models.eelbert_masked_lm import EelbertMaskedLM
from eelbert_tf.models.eelbert_masked_lm_preprocessor import EelbertMaskedLMPreprocessor
from eelbert_tf.models.eelbert_preprocessor import EelbertPreprocessor
from eelbert_tf.models.eelbert_text_classifier import EelbertTextClassifier
from eelbert_tf.models.eelbert_text_embedder import EelbertTextEmbedder
from eelbert_tf.models.eelbert_token_classifier import EelbertTokenClassifier
from eelbert_tf.models.word_piece_preprocessor import WordPiecePreprocessor

__all__ = [
    "BertTextClassifier",
    "CodePointHashEmbedding",
    "CompactBertBackbone",
    "EelbertBackbone",
    "EelbertMaskedLM",
    "EelbertMaskedLMPreprocessor",
    "EelbertPreprocessor",
    "EelbertTextClassifier",
    "EelbertTextEmbedder",
    "EelbertTokenClassifier",
    "FactorizedTokenAndPositionEmbedding",
    "NGramHashEmbedding",
    "WordPiecePreprocessor",
]
