"""A toy BERT, alone and with the head of a masked LM."""

import pytest

from tests import toy
from tests.pretraining.conftest import bert, corpus, shards  # noqa: F401


@pytest.fixture(scope="session")
def masked_lm(bert, tmp_path_factory):  # noqa: F811
    """The directory of a `BertMaskedLM`, whose head answers differently from place to place."""
    import keras_hub

    path = tmp_path_factory.mktemp("masked_lm") / "bert"
    task = keras_hub.models.BertMaskedLM.from_preset(str(bert))
    toy.with_random_weights(task).save_to_preset(str(path))
    return path
