"""A toy task whose matrices are large enough to be worth fewer bits."""

from tests import toy


def wide_classifier():
    """Weights as if trained; 1024 numbers and more in each matrix of the encoder."""
    from eelbert_tf.models import EelbertPreprocessor

    backbone = toy.backbone(hidden_dim=32, hash_dim=32, intermediate_dim=64, max_sequence_length=64)
    preprocessor = EelbertPreprocessor.from_backbone(backbone, max_words=40)
    task = toy.classifier(backbone=backbone, preprocessor=preprocessor)
    toy.with_random_weights(task)
    for weight in task.weights:
        weight.assign(weight * 0.5)
    return toy.uncompiled(task)
