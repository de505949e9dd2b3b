"""Encoders as small as they can be, and rows to read."""

import pytest

from tests import toy

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# "film" and "dinner" have two pieces each.
PIECES = ["a", "the", "fine", "awful", "book", "song", "play", "trip", "fi", "##lm", "din", "##ner"]


@pytest.fixture(scope="session")
def tokenizer():
    import keras_hub

    return keras_hub.models.BertTokenizer(vocabulary=[*SPECIAL, *PIECES], lowercase=True)


def bert(seed=0, **changes):
    """A BERT of random weights for that vocabulary."""
    from eelbert_tf.models import CompactBertBackbone

    settings = {
        "vocabulary_size": len(SPECIAL) + len(PIECES),
        "num_layers": 2,
        "num_heads": 2,
        "hidden_dim": 16,
        "intermediate_dim": 16,
        "dropout": 0.0,
        "max_sequence_length": 24,
    }
    return toy.with_random_weights(CompactBertBackbone(**{**settings, **changes}), seed)


@pytest.fixture(scope="session")
def teacher(tokenizer):
    from eelbert_tf.compression.encoder_preset import EncoderPreset

    return EncoderPreset(bert(), tokenizer)


@pytest.fixture(scope="session")
def rows():
    from eelbert_tf.data.examples import Examples
    from eelbert_tf.distillation.text_rows import TextRows

    return TextRows(Examples(toy.TEXTS, toy.TEXTS[::-1], None, "toy.tsv"), toy.MAX_WORDS)


# TensorFlow says that a pipeline of data stays a graph.
EAGER_STEPS = [
    pytest.mark.usefixtures("eager_steps"),
    pytest.mark.filterwarnings("ignore:Even though the .*run_functions_eagerly"),
]


@pytest.fixture
def eager_steps():
    """A few steps are computed sooner than a graph for them is made."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
