"""Labelled texts and a model: what it takes of them, whether they fit it, its metrics on them."""

from eelbert_tf.errors import UserError
from eelbert_tf.training.metrics import classification_metrics, score_metrics


def inputs(examples):
    """The texts of examples as `fit` and `predict` take them."""
    if examples.text_pairs is None:
        return examples.texts
    return (examples.texts, examples.text_pairs)


def is_score(examples):
    """Whether the labels are numbers to regress on."""
    return isinstance(examples.labels[0], float)


def evaluate(predictor, examples):
    """The metrics of a predictor (`predict(texts)`, `labels`) on examples.

    Raises:
        UserError: see `check_labels`.
    """
    check_labels(examples, predictor.labels)
    predictions = predictor.predict(inputs(examples))
    if predictor.labels is None:
        return score_metrics(examples.labels, predictions)
    return classification_metrics(examples.labels, predictions)


def check_labels(examples, known):
    """Raise where examples cannot be scored by a model.

    Args:
        examples: `Examples` with labels.
        known: list of str, the model's labels; None where it gives scores.

    Raises:
        UserError: a label is not among the known ones, or scores and names meet.
    """
    if known is None:
        if not is_score(examples):
            raise UserError(
                "The model gives scores, so the labels must be numbers in a column `score`. "
                f"Received: {examples.labels[0]!r} in {examples.source}."
            )
        return
    if is_score(examples):
        raise UserError(
            f"The model gives classes, so the labels must be among {', '.join(known[:20])}. "
            f"Received: scores in {examples.source}."
        )
    unseen = sorted(set(examples.labels) - set(known))
    if unseen:
        rows = sum(label in unseen for label in examples.labels)
        raise UserError(
            f"Each label must be one of the model's: {', '.join(known[:20])}. "
            f"Received in {rows} of {len(examples)} rows of {examples.source}: "
            f"{', '.join(unseen[:5])}. Leave these rows out, or train with them."
        )
