"""What a classifier can answer, by the names that Hugging Face uses."""

SINGLE_LABEL = "single_label_classification"
MULTI_LABEL = "multi_label_classification"
REGRESSION = "regression"


def number_of_classes(num_classes, labels, problem_type):
    """The number of a classifier's outputs, from settings of which some may be None.

    Raises:
        ValueError: the settings contradict each other or do not suffice.
    """
    if problem_type not in (SINGLE_LABEL, MULTI_LABEL, REGRESSION):
        raise ValueError(
            f"`problem_type` must be {SINGLE_LABEL!r}, {MULTI_LABEL!r} or {REGRESSION!r}. "
            f"Received: problem_type={problem_type!r}."
        )
    if problem_type == REGRESSION:
        if labels or num_classes not in (None, 1):
            raise ValueError("A regression has one output and no labels. Leave both out.")
        return 1
    if labels and len(set(labels)) != len(labels):
        raise ValueError(f"`labels` must differ from each other. Received: labels={labels}.")
    if labels and num_classes not in (None, len(labels)):
        raise ValueError(
            "`num_classes` must be the number of `labels`. "
            f"Received: num_classes={num_classes}, {len(labels)} labels."
        )
    num_classes = len(labels) if labels else num_classes
    if not num_classes or num_classes < (1 if problem_type == MULTI_LABEL else 2):
        raise ValueError(
            "`num_classes` must be at least 2, or `labels` must be given. "
            f"Received: num_classes={num_classes}."
        )
    return num_classes
