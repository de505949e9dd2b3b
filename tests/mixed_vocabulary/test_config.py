"""Settings: shapes, the ramp, and what is refused."""

import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.mixed_vocabulary.config import (
    MixedVocabularyConfig,
    mixing_probability,
    student_shape,
)


def test_the_probability_rises_over_a_share_of_the_steps():
    values = [mixing_probability(step, 200, mixing=0.4, ramp=0.25) for step in (0, 10, 25, 50, 199)]
    assert values == pytest.approx([0.0, 0.08, 0.2, 0.4, 0.4])
    assert mixing_probability(0, 200, mixing=0.4, ramp=0.0) == 0.4


@pytest.mark.parametrize(
    ("name", "heads", "intermediate"),
    [("12x128", 2, 512), ("6x192", 3, 768), ("6x256", 4, 1024), ("12x48", 1, 192)],
)
def test_shapes_of_students(name, heads, intermediate):
    shape = student_shape(name)
    assert f"{shape['num_layers']}x{shape['hidden_dim']}" == name
    assert (shape["num_heads"], shape["intermediate_dim"]) == (heads, intermediate)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"student": "6-256"}, "such as 12x128, 6x192, 6x256, 12x48. Received: student='6-256'"),
        ({"student": "6x100"}, "a multiple of it"),
        ({"mixing": 1.5}, "`mixing` must be from 0 to 1. Received: mixing=1.5"),
        ({"ramp": -0.1}, "`ramp` must be from 0 to 1"),
        ({"projection_weight": 0}, "`projection_weight` must be above 0"),
        ({"stage_1_epochs": 0}, "`stage_1_epochs` must be above 0"),
        ({"epochs": 0}, "`epochs` must be above 0. Received: epochs=0"),
        ({"stage_1_learning_rate": -1}, "`stage_1_learning_rate` must be above 0"),
    ],
)
def test_settings_out_of_range(settings, error):
    with pytest.raises(UserError, match=error):
        MixedVocabularyConfig(**settings)
