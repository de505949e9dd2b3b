"""Tests of `eelbert predict` and `eelbert embed`."""

import numpy as np
import pytest

from tests.cli.command import eelbert, refused, succeeded

RUNTIMES = ("keras", "saved_model", "litert")
TEXTS = ["an awful dinner", "a fine film", "", "  ", "\u202eמלון\u202c", "🎷 ünïcödé", "-5 films"]


def predictions(trained, *arguments, stdin=b""):
    line = ("predict", trained.directory, "--json", *arguments)
    return succeeded(*line, stdin=stdin).json["predictions"]


def test_form_and_order(classes):
    rows = predictions(classes, *TEXTS, "--runtime", "litert")
    assert [row["text"] for row in rows] == TEXTS
    assert [row["label"] for row in rows[:2]] == ["bad", "good"]
    for row in rows:
        assert list(row) == ["text", "label", "probabilities"]
        assert list(row["probabilities"]) == ["bad", "good"]
        assert sum(row["probabilities"].values()) == pytest.approx(1.0, abs=1e-5)
        assert row["label"] == max(row["probabilities"], key=row["probabilities"].get)


@pytest.mark.parametrize("kind", ["classes", "pairs", "scores"])
def test_the_runtimes_agree(kind, request):
    trained = request.getfixturevalue(kind)
    texts = [f"{text}\ta fine trip" for text in TEXTS] if kind == "pairs" else TEXTS
    answers = [predictions(trained, *texts, "--runtime", runtime) for runtime in RUNTIMES]
    for rows in answers[1:]:
        assert [row.get("label") for row in rows] == [row.get("label") for row in answers[0]]
        assert numbers(rows) == pytest.approx(numbers(answers[0]), abs=1e-5)


def numbers(rows):
    return [x for row in rows for x in row.get("probabilities", {"": row.get("score")}).values()]


def test_scores(scores):
    rows = predictions(scores, "a fine film", "an awful film", "--runtime", "litert")
    assert [set(row) for row in rows] == [{"text", "score"}] * 2
    assert rows[0]["score"] > rows[1]["score"]
    line = ("predict", scores.directory, "a fine film", "--runtime", "litert")
    assert succeeded(*line).out == f"{rows[0]['score']:.3f}\ta fine film\n"


def test_texts_may_stand_before_and_behind_flags(classes):
    line = ("predict", classes.directory)
    for arguments in (
        ("a", "b", "--json", "--runtime", "litert"),
        ("--json", "--runtime", "litert", "a", "b"),
        ("a", "--json", "b", "--runtime", "litert"),
        ("--json", "--runtime", "litert", "--", "a", "b"),
    ):
        rows = succeeded(*line, *arguments).json["predictions"]
        assert [row["text"] for row in rows] == ["a", "b"]
    dashes = succeeded(*line, "--json", "--runtime", "litert", "--", "-x", "--json")
    assert [row["text"] for row in dashes.json["predictions"]] == ["-x", "--json"]
    unknown = eelbert(*line, "--jsno", "a")
    assert unknown.status == 2
    assert "unrecognized arguments: --jsno\n" in unknown.err


def test_standard_input_holds_a_text_a_line(classes):
    stdin = "a fine film\r\n\n🎷\nthe last".encode()
    rows = predictions(classes, "--runtime", "litert", stdin=stdin)
    assert [row["text"] for row in rows] == ["a fine film", "", "🎷", "the last"]


def test_what_is_not_unicode_is_replaced_alike_wherever_it_comes_from(classes):
    raw = b"a \xff\xe2\x82 film\x00\xed\xa0\x80"
    typed = raw.decode("utf-8", "surrogateescape")
    (piped,) = predictions(classes, "--runtime", "litert", stdin=raw)
    assert predictions(classes, "--runtime", "litert", typed) == [piped]
    assert piped["text"] == "a \ufffd\ufffd film\x00\ufffd\ufffd\ufffd"


def test_plain_lines(classes):
    line = ("predict", classes.directory, "a fine film", "an awful one", "--runtime", "litert")
    first, second = (line.split("\t") for line in succeeded(*line).out.splitlines())
    assert (first[0], first[2]) == ("good", "a fine film")
    assert (second[0], second[2]) == ("bad", "an awful one")
    assert 0.5 <= float(first[1]) <= 1.0


def test_no_text_at_all(classes):
    refused("predict", classes.directory, saying="At least one text is needed")
    refused("embed", classes.directory, saying="At least one text is needed")


@pytest.mark.parametrize("text", ["no tab", "one\ttwo\tthree", ""])
def test_pairs_need_one_tab(pairs, text):
    saying = "give both texts as one argument or line with a tab between"
    refused("predict", pairs.directory, text, "--runtime", "litert", saying=saying)
    stdin = f"fine\tfine\n{text}\n".encode()
    refused("predict", pairs.directory, "--runtime", "litert", saying=saying, stdin=stdin)


def test_embed(classes):
    vectors = succeeded("embed", classes.directory, "a fine film", "films", "--json").json
    assert list(vectors) == ["embeddings"]
    assert np.shape(vectors["embeddings"]) == (2, 16)
    plain = succeeded("embed", classes.directory, stdin=b"a fine film\nfilms\n").out
    rows = [[float(x) for x in line.split("\t")] for line in plain.splitlines()]
    np.testing.assert_allclose(rows, vectors["embeddings"], atol=1e-5)


def test_embed_pairs(pairs):
    vectors = succeeded("embed", pairs.directory, "fine\tfilm", "--json").json["embeddings"]
    assert np.shape(vectors) == (1, 16)


def test_embed_needs_a_runtime_that_has_vectors(classes):
    line = ("embed", classes.directory, "a", "--runtime", "litert")
    refused(*line, saying="This model gives probabilities, not embedding.")
