"""The page of examples/web in Chromium: what it answers, shows and needs."""

import pytest

from tests import toy
from tests.environments import node

TEXTS = [
    "not bad at all",
    "a truly dreadfull film",
    *toy.ODD_TEXTS,
    "🙏👩‍👩‍👧",
    "one \ud83d half of an emoji",
    "Ünïcödé тест 漢字",
    "don't " * 100,
]


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """The folder of the built page."""
    return node.build_page(node.install(node.WEB, tmp_path_factory.mktemp("web")))


@pytest.fixture(scope="module")
def seen(browser, page):
    given = [node.code_units(text) for text in TEXTS]
    return node.run_script(browser, "web_page.mjs", page, given=given)


@pytest.fixture(scope="module")
def predictor(page):
    from eelbert_tf.runtimes.litert_runtime import litert_predictor

    return litert_predictor(page / "model.tflite")


def test_answers_are_those_of_python(seen, predictor):
    expected = predictor.predict_proba(TEXTS)
    assert len(seen["answers"]) == len(TEXTS)
    for answer, probabilities, text in zip(seen["answers"], expected, TEXTS):
        wanted = dict(zip(predictor.labels, probabilities))
        assert answer["shares"] == pytest.approx(wanted, abs=1e-5), text
        assert answer["label"] == predictor.labels[probabilities.argmax()]


def test_word_scores_are_losses_of_probability(seen, predictor):
    words = TEXTS[0].split(" ")
    without = [" ".join(words[:index] + words[index + 1 :]) for index in range(len(words))]
    whole, *others = predictor.predict_proba([TEXTS[0], *without])
    losses = 100 * (whole.max() - [row[whole.argmax()] for row in others])
    shown = {word: float(points) for word, points in seen["answers"][0]["scores"]}
    assert shown == pytest.approx(dict(zip(words, losses)), abs=0.051)


def test_time_size_and_window_are_shown(seen, page):
    assert seen["bytes"] == f"{(page / 'model.tflite').stat().st_size / 1e3:.0f} kB"
    assert all(float(answer["milliseconds"].removesuffix(" ms")) for answer in seen["answers"])
    notices = {text: answer["notice"] for text, answer in zip(TEXTS, seen["answers"])}
    assert notices["don't " * 100].startswith("The first 64 words are read")
    assert notices[TEXTS[0]] == ""


def test_works_without_a_server_after_the_first_visit(seen):
    assert seen["offlineBadge"] == "works offline"
    assert seen["answerOffline"]["shares"] == seen["answers"][0]["shares"]


def test_asks_no_other_host(seen):
    assert len(set(seen["hosts"])) == 1
    assert seen["hosts"][0].startswith("127.0.0.1:")


def test_keyboard_alone(seen):
    assert seen["firstFocus"] == "text"
    assert seen["typed"] == "negative"
    assert seen["chosen"] == "a truly dreadfull film"
    assert seen["tableOpen"]


def test_screen_readers(seen):
    for line in (
        'textbox "Your text": a truly dreadfull film',
        "- status: negative, ",
        "listitem: negative 9",
        'row "dreadfull +',
    ):
        assert line in seen["aria"]
    assert {"color-contrast", "label", "button-name"} <= set(seen["axeRules"])
    assert seen["axe"] == []


def test_fits_a_phone(seen):
    assert seen["overflow"] == [320, 320]


def test_a_model_that_is_missing_is_told(seen):
    assert seen["error"] == "The model could not be loaded. model.tflite: 404 Not Found"
