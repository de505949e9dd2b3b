"""`eelbert compress --method mixed-vocab`: a student of a small vocabulary from a trained BERT."""

import dataclasses
import pathlib
import shutil

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.errors import UserError
from eelbert_tf.files import replaced
from eelbert_tf.mixed_vocabulary.config import MixedVocabularyConfig
from eelbert_tf.mixed_vocabulary.stage_1 import train_mixed
from eelbert_tf.mixed_vocabulary.vocabulary import (
    check_vocabulary,
    learn_vocabulary,
    read_vocabulary,
    student_tokenizer,
)
from eelbert_tf.models.bert_directory import load_bert
from eelbert_tf.models.eelbert_backbone import EelbertBackbone
from eelbert_tf.pretraining.corpus_shards import corpus_shards
from eelbert_tf.pretraining.pretrain import pretrain
from eelbert_tf.pretraining.student import masked_lm


@dataclasses.dataclass(frozen=True)
class TrainedStudent(EncoderPreset):
    """A student as it was trained, with the head of its masked LM.

    Attributes:
        directory: path of its `keras_hub.models.BertMaskedLM` preset.
    """

    def save(self, directory):
        shutil.copytree(self.directory, directory, dirs_exist_ok=True)


def compress(source, run, data, seed=0, report=None, vocabulary=None, **options):
    """Train a student with a small vocabulary, from a teacher, in two stages.

    What each stage made stays in `run`: the same call goes on from there.

    Args:
        source: `EncoderPreset` of a BERT, the teacher.
        run: path of a directory.
        data: str or path of a corpus or of shards; see `corpus_shards`.
        seed: int.
        report: function of a `training.trainer.Progress`, or None.
        vocabulary: path of a file with the student's pieces, learnt from the data unless given.
        **options: of `MixedVocabularyConfig`.

    Returns:
        `TrainedStudent`.

    Raises:
        UserError: the teacher is no BERT, an option is out of range, or the loss diverges.

    Example:

    ```python
    compress(EncoderPreset.load("my_bert"), "student.run", "shards", student="6x192").save("out")
    ```
    """
    config = MixedVocabularyConfig(**options, seed=seed)
    if isinstance(source.backbone, EelbertBackbone):
        raise UserError(
            "An EELBERT has no vocabulary to mix with another: it computes the vectors of words "
            f"from hashes. Received: EelbertBackbone in {source.directory}. Give a BERT."
        )
    check_vocabulary(source.tokenizer.get_vocabulary(), source.directory)
    run = pathlib.Path(run)
    shards = corpus_shards([data], run / "shards")
    tokenizer = student_tokenizer(_vocabulary(shards, run, config, vocabulary))
    trained = run / "trained"
    student, model = train_mixed(shards, source, tokenizer, run / "stage_1", config, report=report)
    if config.shared_projections:
        with replaced(trained, overwrite=True) as path:
            masked_lm(student, tokenizer, model).save_to_preset(str(path))
    elif not trained.exists():
        with replaced(run / "student", overwrite=True) as path:
            student.save_to_preset(str(path))
            tokenizer.save_to_preset(str(path))
        pretrain(shards, run / "student", trained, config.stage_2(), report=report)
    return TrainedStudent(*load_bert(trained), trained)


def _vocabulary(shards, run, config, given):
    """The student's pieces: those of a file, or learnt once."""
    if given is not None:
        return read_vocabulary(given)
    file = run / f"vocabulary_{config.vocabulary_size}.txt"
    if not file.exists():
        pieces = learn_vocabulary(*shards.words(), config.vocabulary_size)
        with replaced(file) as path:
            path.write_text("\n".join(pieces) + "\n", encoding="utf-8")
    return read_vocabulary(file)
