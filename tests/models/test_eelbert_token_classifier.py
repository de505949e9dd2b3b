"""Tests of tags for tokens."""

import keras
import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.models import EelbertTokenClassifier
from tests import toy

CITIES = ("Oslo", "Rome", "U.S.", "St.Gallen")
TEXTS = [
    [*start, city, *end]
    for start in (("fly", "to"), ("\u200b", "drive", "to"), ("see",))
    for end in ((), ("now", "!"), ("\u200b", "today"))
    for city in CITIES
]
TAGS = [["CITY" if token in CITIES else "O" for token in text] for text in TEXTS]
# Each city, start and end is in the other texts, but not together.
UNSEEN = slice(0, None, 7)
SEEN = [place for place in range(len(TEXTS)) if place % 7]


@pytest.fixture(scope="module")
def untrained():
    return toy.with_random_weights(EelbertTokenClassifier(**toy.parts(), labels=["O", "CITY"]))


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    model = EelbertTokenClassifier(**toy.learner_parts(), labels=["O", "CITY"])
    model.compile(keras.optimizers.AdamW(1e-2))
    texts, tags = [TEXTS[place] for place in SEEN], [TAGS[place] for place in SEEN]
    model.fit(
        texts * 4,
        tags * 4,
        epochs=6,
        batch_size=4,
        validation_split=0.25,
        validation_freq=6,
        verbose=0,
    )
    return model


def without_empty(tags, tokens):
    return [[None if t == "\u200b" else tag for tag, t in zip(*row)] for row in zip(tags, tokens)]


def test_learns_tags_of_tokens_that_the_hash_splits(trained):
    predicted, expected = trained.predict_tags(TEXTS), without_empty(TAGS, TEXTS)
    assert [predicted[place] for place in SEEN] == [expected[place] for place in SEEN]
    assert predicted[UNSEEN] == expected[UNSEEN]


def test_one_text_as_a_string(trained):
    assert trained.predict_tags("see Oslo") == trained.predict_tags([["see", "Oslo"]])


def test_tags_do_not_depend_on_the_batch(trained):
    assert trained.predict_tags(TEXTS, batch_size=5) == trained.predict_tags(TEXTS, batch_size=50)


def test_tokens_without_words_and_behind_the_window_have_no_tag(untrained):
    tokens = ["\u200b", "a", "", *["b"] * 10, "c", "d"]
    [tags] = untrained.predict_tags([tokens])
    assert [tag is None for tag in tags] == [True, False, True, *[False] * 11, True]
    # "c" is the twelfth word, and the window holds twelve.
    assert untrained.predict_tags([[], ["\u200b"]]) == [[], [None]]


def test_tokens_behind_the_window_of_characters_have_no_tag(untrained):
    # 96 characters: nine tokens of ten and a space, and the tenth is cut.
    [tags] = untrained.predict_tags([["x" * 10] * 11])
    assert [tag is None for tag in tags] == [False] * 8 + [True] * 3


def test_the_loss_is_over_the_first_words_of_tokens_inside_the_window(untrained):
    texts = [["U.S.", "\u200b", "is", "far"], ["y" * 40] * 3 + ["z"] * 20, ["b"] * 15]
    tags = [["CITY", "O", "O", "CITY"], ["O"] * 23, ["CITY"] * 15]
    # The places of the first words: "U.S." has four, of the second text two tokens fit.
    places = [(0, 1, 1), (0, 5, 0), (0, 6, 1), (1, 1, 0), (1, 2, 0)]
    places += [(2, place, 1) for place in range(1, 13)]
    logits = toy.outputs(untrained, [" ".join(text) for text in texts]).astype("float64")
    shares = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    expected = -np.log([shares[place] for place in places]).mean()
    loss = untrained.evaluate(texts, tags, verbose=0)
    assert loss == pytest.approx(expected, rel=1e-5)


def test_validation_split(trained):
    # The last of four copies was held out.
    texts, tags = [TEXTS[place] for place in SEEN], [TAGS[place] for place in SEEN]
    loss = trained.evaluate(texts, tags, batch_size=4, verbose=0)
    assert trained.history.history["val_loss"][-1] == pytest.approx(loss, rel=1e-4)


@pytest.mark.parametrize(
    "texts, tags, message",
    [
        (["a b"], [["O"]], "Received: 2 tokens, 1 tags in row 0."),
        (["a", "b"], [["O"]], "Received: 2 texts, 1 rows of tags."),
        (["a"], [["X"]], "one of the model's 2: O, CITY. Received also: X."),
        ([["a", None]], [["O", "O"]], r"Received: \['a', None\] at row 0."),
        ([None], [["O"]], "Received: None at row 0."),
        ([], [], "At least one text is needed."),
    ],
)
def test_what_cannot_be_trained_on(untrained, texts, tags, message):
    with pytest.raises(UserError, match=message):
        untrained.fit(texts, tags, verbose=0)


def test_datasets_and_predict_are_refused(untrained):
    import tensorflow as tf

    with pytest.raises(UserError, match="not a dataset"):
        untrained.fit(tf.data.Dataset.from_tensors(["a"]))
    with pytest.raises(UserError, match="Call `predict_tags`"):
        untrained.predict(TEXTS)
    inputs = untrained.preprocessor(["a fine film"])
    assert untrained.predict(inputs, verbose=0).shape == (1, 5, 2)
