"""Reads the official JSON of SQuAD v1.1."""

import dataclasses
import json
import pathlib

from eelbert_tf.data.table import BadRows, Row
from eelbert_tf.data.text_file import is_unicode, read_text
from eelbert_tf.errors import UserError


@dataclasses.dataclass(frozen=True)
class Question:
    """A question, its context, and the answers that people gave.

    Attributes:
        id, question, context: str.
        answers: tuple of `(text, start)`, where each stands in the context.
    """

    id: str
    question: str
    context: str
    answers: tuple


@dataclasses.dataclass(frozen=True)
class Questions:
    """Questions of a file, and the rows that had to be left out.

    Attributes:
        rows: list of `Question`, in the order of the file.
        skipped: list of `eelbert_tf.data.examples.SkippedRow`; lines count questions.
    """

    rows: list
    skipped: list


def read_squad(path, skip_bad_rows=False):
    """Read questions of SQuAD v1.1.

    Args:
        path: str or path, such as of `train-v1.1.json`; also `.gz` or `.xz`.
        skip_bad_rows: bool. Whether bad questions are put in `skipped` instead of raising.

    Returns:
        `Questions`.

    Raises:
        UserError: the file is not of this form; or a question is bad: a text is missing or not
            Unicode, an answer does not stand where it says, there is none, or the id came before.

    Example:

    ```python
    questions = read_squad("dev-v1.1.json").rows
    ```
    """
    path = pathlib.Path(path)
    try:
        articles = json.loads(read_text(path))["data"]
        paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
        found = [(paragraph, row) for paragraph in paragraphs for row in paragraph["qas"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(
            f"{path} must be the JSON of SQuAD v1.1, data -> paragraphs -> qas. Received: "
            f"{type(error).__name__}: {error}."
        ) from error
    bad_rows, rows, seen = BadRows(str(path), skip_bad_rows), [], set()
    for number, (paragraph, row) in enumerate(found, start=1):
        question = _question(paragraph, row)
        fault = question if isinstance(question, str) else _fault(question, seen)
        if fault:
            bad_rows.add(Row(number, [json.dumps(row)]), fault)
        else:
            seen.add(question.id)
            rows.append(question)
    if not rows:
        raise UserError(f"{path} holds no questions that can be used.")
    return Questions(rows, bad_rows.skipped)


def _question(paragraph, row):
    """The question of a row, or what is wrong with it."""
    try:
        answers = tuple((answer["text"], answer["answer_start"]) for answer in row["answers"])
        return Question(row["id"], row["question"], paragraph["context"], answers)
    except (KeyError, TypeError) as error:
        return f"{error} is missing" if isinstance(error, KeyError) else "not an object"


def _fault(question, seen):
    texts = {"id": question.id, "question": question.question, "context": question.context}
    for name, text in [*texts.items(), *(("answer", text) for text, _ in question.answers)]:
        if not isinstance(text, str) or not is_unicode(text):
            return f"`{name}` must be text"
    if question.id in seen:
        return f"the id {question.id} came before"
    if not question.answers:
        return f"{question.id} has no answer: SQuAD v1.1 has one to each question"
    for text, start in question.answers:
        stands = isinstance(start, int) and start >= 0 and text
        if not stands or question.context[start : start + len(text)] != text:
            return f"the answer {text!r} of {question.id} does not stand at {start} of the context"
    return None
