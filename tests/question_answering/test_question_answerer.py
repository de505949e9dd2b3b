"""Training, answers and files, of BERTs, compressed BERTs and EELBERTs."""

import numpy as np
import pytest

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.embedding_compression.backbone import token_table, with_factors
from eelbert_tf.embedding_compression.svd import svd_factors
from eelbert_tf.errors import UserError
from eelbert_tf.question_answering.question_answerer import QuestionAnswerer
from eelbert_tf.question_answering.squad import Question
from tests import toy
from tests.pretraining.conftest import bert  # noqa: F401

WORDS = ("the", "old", "man", "sea", "read", "book", "twice", "home")
SETTINGS = {"length": 24, "stride": 5, "max_question": 4, "dropout": 0.0}


def questions(count=24, seed=0, context_words=8):
    """What is asked for is always the film, wherever it stands."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        words = list(random.choice(WORDS, context_words))
        words.insert(random.integers(context_words + 1), "Film,")
        context = " ".join(words)
        answer = ("Film", context.index("Film"))
        rows.append(Question(str(number), "what ?", context, (answer,)))
    return rows


@pytest.fixture(scope="module")
def sources(bert, pretrained):  # noqa: F811
    whole = EncoderPreset.load(bert)
    factors = svd_factors(token_table(whole.backbone), 8)
    compact = EncoderPreset(with_factors(whole.backbone, factors), whole.tokenizer)
    return {"bert": whole, "compact": compact, "eelbert": EncoderPreset.load(pretrained)}


@pytest.mark.parametrize("name", ["compact", "eelbert"])
def test_it_learns_and_is_the_same_once_loaded(sources, name, tmp_path):
    answerer = QuestionAnswerer(sources[name], **SETTINGS)
    asked = questions(12, seed=1)
    before = answerer.evaluate(asked)
    history = answerer.fit(
        questions(48), epochs=10, batch_size=16, learning_rate=1e-2, verbose=0
    ).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    after = answerer.evaluate(asked)
    assert after["exact_match"] > before["exact_match"]
    assert after["f1"] > 60
    answerer.save(tmp_path / "out")
    loaded = QuestionAnswerer.load(tmp_path / "out")
    assert loaded.predict(asked) == answerer.predict(asked)
    assert loaded.settings == answerer.settings


def test_answers_are_parts_of_their_contexts_however_long(sources):
    answerer = QuestionAnswerer(sources["bert"], **SETTINGS)
    asked = [
        *questions(3, context_words=40),
        Question("empty", "", " ", ()),
        Question("x", "", "a", ()),
    ]
    predicted = answerer.predict(asked, batch_size=2)
    assert [*predicted] == [question.id for question in asked]
    assert all(predicted[question.id] in question.context for question in asked)
    assert predicted["empty"] == ""
    assert predicted["x"] == "a"
    assert predicted == answerer.predict(asked, batch_size=32)  # padding changes nothing


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"length": 65}, "`length` must be between 8, .* and 64"),
        ({"length": 7}, "`length` must be between 8"),
        ({"stride": 0}, "`stride` must be at least 1"),
        ({"longest_answer": 0}, "`longest_answer` must be at least 1"),
    ],
)
def test_settings_out_of_range(sources, changes, reason):
    with pytest.raises(UserError, match=reason):
        QuestionAnswerer(sources["bert"], **{**SETTINGS, **changes})


def test_an_eelbert_of_word_pieces(sources):
    tokenizer = sources["bert"].tokenizer
    source = EncoderPreset(sources["eelbert"].backbone, toy.preprocessor(tokenizer=tokenizer))
    with pytest.raises(UserError, match="must read words. Received: one of WordPieces"):
        QuestionAnswerer(source, **SETTINGS)


def test_a_directory_without_an_answerer(bert):  # noqa: F811
    with pytest.raises(UserError, match="holds no question answerer"):
        QuestionAnswerer.load(bert)
