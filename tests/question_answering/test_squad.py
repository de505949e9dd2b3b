import copy
import gzip
import json

import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.question_answering.squad import read_squad

CONTEXT = "The Denver Broncos won in Santa Clara, Café 49."
FILE = {
    "version": "1.1",
    "data": [
        {
            "title": "Super Bowl",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "1",
                            "question": "Who won?",
                            "answers": [
                                {"text": "Denver Broncos", "answer_start": 4},
                                {"text": "Broncos", "answer_start": 11},
                            ],
                        },
                        {
                            "id": "2",
                            "question": "Where?",
                            "answers": [{"text": "Café 49", "answer_start": 39}],
                        },
                    ],
                }
            ],
        }
    ],
}


def written(folder, value, name="squad.json"):
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_questions_in_order(tmp_path):
    questions = read_squad(written(tmp_path, FILE))
    assert [question.id for question in questions.rows] == ["1", "2"]
    assert questions.rows[0].answers == (("Denver Broncos", 4), ("Broncos", 11))
    assert questions.rows[1].context == CONTEXT
    assert questions.skipped == []
    packed = tmp_path / "squad.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(FILE).encode()))
    assert read_squad(packed) == questions


def change(**values):
    file = copy.deepcopy(FILE)
    file["data"][0]["paragraphs"][0]["qas"][0].update(values)
    return file


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (change(answers=[{"text": "Denver", "answer_start": 5}]), "'Denver' of 1 does not stand"),
        (change(answers=[{"text": "Denver", "answer_start": -43}]), "does not stand at -43"),
        (change(answers=[{"text": "Denver"}]), "'answer_start' is missing"),
        (change(answers=[]), "1 has no answer"),
        (change(answers=7), "not an object"),
        (change(id="2"), "the id 2 came before"),
        (change(question=None), "`question` must be text"),
        (change(question="\ud800"), "`question` must be text"),
    ],
)
def test_bad_questions_are_told_and_never_dropped_silently(tmp_path, file, reason):
    path = written(tmp_path, file)
    with pytest.raises(UserError, match=f"row [12]: .*{reason}"):
        read_squad(path)
    questions = read_squad(path, skip_bad_rows=True)
    [skipped] = questions.skipped
    assert len(questions.rows) == 1
    assert reason in skipped.reason


@pytest.mark.parametrize(
    "file", ["", "[]", "{}", '{"data": [{}]}', '{"data": 3}', '{"data": [{"paragraphs": [{}]}]}']
)
def test_other_files(tmp_path, file):
    with pytest.raises(UserError, match="must be the JSON of SQuAD v1.1"):
        read_squad(written(tmp_path, file))


def test_no_questions_and_no_file(tmp_path):
    with pytest.raises(UserError, match="holds no questions"):
        read_squad(written(tmp_path, {"data": []}))
    with pytest.raises(UserError, match="cannot be read"):
        read_squad(tmp_path / "none.json")
