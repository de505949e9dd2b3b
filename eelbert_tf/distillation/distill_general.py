"""Stage 1: a student's encoder learns from a teacher's on general text."""

import pathlib

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.distillation.config import LayerConfig
from eelbert_tf.files import check_free, replaced
from eelbert_tf.preset_names import ARCHITECTURES


def distill_general(shards, teacher, student, out, config=None, overwrite=False, **loop):
    """Let a student learn a teacher's layers on a corpus, and save it as a preset.

    While it runs, the checkpoint is in `<out>.run`; the same call goes on from there.

    Args:
        shards: `Shards` of the corpus.
        teacher: str or path. A directory of a BERT, of a preset or of a trained model, or a shipped
            model's name; its encoder is taken.
        student: the same, or an architecture's name.
        out: path of the preset directory, of the student's class, with what makes its inputs.
        config: `LayerConfig`.
        overwrite: bool. Whether a preset at `out` may be replaced.
        **loop: `report`, `callbacks` and `checkpoint_seconds` of `trainer.train`.

    Returns:
        The student's backbone.

    Raises:
        UserError: an encoder cannot be loaded, `out` exists, or the training diverges.

    Example:

    ```python
    distill_general(Shards("shards"), "my_bert", "eelbert_uno", "my_preset")
    ```
    """
    import keras

    from eelbert_tf.distillation.imitate_layers import imitate_layers

    config = config or LayerConfig()
    check_free(out, overwrite, directory=True)
    keras.utils.set_random_seed(config.seed)  # an architecture's weights are random
    encoder = load_student(student)
    facts = {
        "teacher": pathlib.Path(teacher).name,
        "student": pathlib.Path(student).name,
        "corpus": shards.manifest["words_file"]["sha256"],
    }
    run = pathlib.Path(f"{out}.run")
    imitate_layers(EncoderPreset.load(teacher), encoder, shards, run, config, facts, **loop)
    with replaced(out, overwrite) as directory:
        directory.mkdir()
        encoder.save(directory)
    return encoder.backbone


def load_student(name):
    """The encoder of a student: an architecture of random weights, or as `EncoderPreset.load`."""
    from eelbert_tf.models import EelbertBackbone, EelbertPreprocessor

    if str(name) not in ARCHITECTURES:
        return EncoderPreset.load(name)
    backbone = EelbertBackbone.from_preset(name)
    return EncoderPreset(backbone, EelbertPreprocessor.from_backbone(backbone))
