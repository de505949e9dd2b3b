"""Tests of the settings."""

import pytest

from eelbert_tf.distillation.config import AnswerConfig, LayerConfig
from eelbert_tf.errors import UserError


@pytest.mark.parametrize("name", ["epochs", "batch_tokens", "learning_rate"])
def test_layers(name):
    with pytest.raises(UserError, match=f"`{name}` must be above 0. Received: {name}=0."):
        LayerConfig(**{name: 0})
    with pytest.raises(UserError, match="must hold a pair of layers"):
        LayerConfig(layers=())


@pytest.mark.parametrize("name", ["epochs", "batch_size", "learning_rate", "temperature"])
def test_answers(name):
    with pytest.raises(UserError, match=f"`{name}` must be above 0. Received: {name}=-1."):
        AnswerConfig(**{name: -1})
    with pytest.raises(UserError, match="`hard_label_weight` must be between 0 and 1"):
        AnswerConfig(hard_label_weight=1.5)
