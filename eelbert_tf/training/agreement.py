"""How far two runtimes of one model agree."""

import numpy as np

from eelbert_tf.training.evaluate import inputs


def agreement(first, second, examples):
    """Compare the answers of two predictors on the same texts.

    Returns:
        A dict: for classifiers `label_agreement`, the share of equal labels, and
        `largest_difference` of a probability; for scores the latter alone.
    """
    texts = inputs(examples)
    if first.labels is None:
        difference = np.abs(first.predict(texts) - second.predict(texts)).max()
        return {"largest_difference": float(difference)}
    left, right = first.predict_proba(texts), second.predict_proba(texts)
    same = left.argmax(axis=-1) == right.argmax(axis=-1)
    return {
        "label_agreement": float(same.mean()),
        "largest_difference": float(np.abs(left - right).max()),
    }
