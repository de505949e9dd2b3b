"""Models and texts as small as they can be, for all tests."""

import numpy as np

NOUNS = ("film", "book", "song", "play", "dinner", "trip")
GOOD = [f"{article} fine {noun}" for article in ("a", "the") for noun in NOUNS]
BAD = [f"{article} awful {noun}" for article in ("a", "the") for noun in NOUNS]
TEXTS = [*GOOD, *BAD]
LABELS = ["good"] * len(GOOD) + ["bad"] * len(BAD)
# Empty, many words, many characters, words of one text that others lack, no words at all.
ODD_TEXTS = [
    "",
    "I loved it, really! 12.5€",
    "café 東京 Ünïcödé don't",
    "word " * 40,
    "x" * 300,
    "a fine " + "y" * 300,
    "\x00 \u200b",
]
ARCHITECTURE = {
    "num_layers": 1,
    "num_heads": 2,
    "hidden_dim": 16,
    "intermediate_dim": 16,
    "hash_dim": 12,
    "dropout": 0.0,
    "max_sequence_length": 24,
}
# A little wider, it learns in some dozens of steps.
LEARNER = {**ARCHITECTURE, "hidden_dim": 32, "hash_dim": 32}
MAX_WORDS = 12


def backbone(**changes):
    from eelbert_tf.models import EelbertBackbone

    return EelbertBackbone(**{**ARCHITECTURE, **changes})


def preprocessor(**changes):
    from eelbert_tf.models import EelbertPreprocessor

    return EelbertPreprocessor(**{"hash_dim": 12, "max_words": MAX_WORDS, **changes})


def parts(**changes):
    """The two arguments that all tasks take."""
    return {"backbone": backbone(), "preprocessor": preprocessor(**changes)}


def learner_parts():
    return {"backbone": backbone(**LEARNER), "preprocessor": preprocessor(hash_dim=32)}


def classifier(**changes):
    from eelbert_tf.models import EelbertTextClassifier

    return EelbertTextClassifier(
        **{**parts(), "labels": ["bad", "good"], "dropout": 0.0, **changes}
    )


def save_bert(path, vocabulary, **changes):
    """Write the directory of a KerasHub BERT with its tokenizer; returns its path.

    Args:
        path: where it goes.
        vocabulary: list of str, the WordPieces behind the special ones.
        **changes: of the backbone's settings.
    """
    import keras_hub

    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *vocabulary]
    names = ("num_layers", "num_heads", "hidden_dim", "intermediate_dim", "dropout")
    settings = {name: ARCHITECTURE[name] for name in (*names, "max_sequence_length")}
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=len(vocabulary), **{**settings, **changes}
    )
    with_random_weights(backbone).save_to_preset(str(path))
    tokenizer = keras_hub.models.BertTokenizer(vocabulary=vocabulary, lowercase=True)
    tokenizer.save_to_preset(str(path))
    return path


def uncompiled(task):
    """Few batches are computed sooner than a graph for them is made."""
    task.run_eagerly = True
    return task


def with_random_weights(model, seed=0):
    """As if trained: answers differ from text to text."""
    random = np.random.default_rng(seed)
    for weight in model.weights:
        weight.assign(random.normal(0.0, 0.4, weight.shape))
    return model


def outputs(task, x):
    """What a task answers, without compiling a function; `x` as its preprocessor takes it."""
    return np.asarray(task(task.preprocessor(x), training=False))
