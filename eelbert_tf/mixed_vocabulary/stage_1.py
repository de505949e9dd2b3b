"""Stage I: the teacher trains on the pieces of both vocabularies, for the student's table."""

import contextlib
import dataclasses
import hashlib

import keras

from eelbert_tf.errors import UserError
from eelbert_tf.mixed_vocabulary.config import mixing_probability
from eelbert_tf.mixed_vocabulary.mixed_inputs import MixedInputs
from eelbert_tf.mixed_vocabulary.mixed_teacher import (
    MixedExamples,
    MixedMaskedPieces,
    mixed_teacher,
)
from eelbert_tf.mixed_vocabulary.student import student_backbone
from eelbert_tf.mixed_vocabulary.student_masked_pieces import (
    SharedProjections,
    StudentMaskedPieces,
)
from eelbert_tf.models.bert_directory import load_masked_lm
from eelbert_tf.pretraining.pretrain import optimizer, sequence_batches
from eelbert_tf.pretraining.pretraining_model import pretraining_model
from eelbert_tf.pretraining.student import like
from eelbert_tf.pretraining.word_inputs import PieceInputs, row_length
from eelbert_tf.pretraining.word_piece_table import WordPieceTable
from eelbert_tf.training.trainer import train


def train_mixed(shards, source, tokenizer, run, config, **settings):
    """Train a teacher on mixed sequences, from the last checkpoint in a directory if there is one.

    With `config.shared_projections` the student learns beside it. Where the teacher's directory
    has the head of a masked LM, its head begins as that one.

    Args:
        shards: `Shards`.
        source: `EncoderPreset` of a BERT, the teacher.
        tokenizer: `keras_hub.models.BertTokenizer` of the student.
        run: path of the directory of the checkpoint.
        config: `MixedVocabularyConfig`.
        **settings: `report`, `callbacks` and `checkpoint_seconds`; see `trainer.train`.

    Returns:
        `(student, model)`: a float32 `keras_hub.models.BertBackbone` whose token table is what
        Stage I made of it, its other weights random, or trained with shared projections; and the
        model that was trained.

    Raises:
        UserError: the settings contradict each other or those of the run, or the loss diverges.
    """
    keras.utils.set_random_seed(config.seed)
    words, _ = shards.words()
    stage = config.stage_1()
    plain = student_backbone(config.student, tokenizer.vocabulary_size())
    teacher, student = (
        like(backbone, dtype=stage.dtype, dropout=stage.dropout)
        for backbone in (source.backbone, plain)
    )
    inputs = MixedInputs(source.tokenizer, tokenizer, words, row_length(teacher, stage.row_words))
    objectives = [MixedMaskedPieces(teacher, student, inputs)]
    if config.shared_projections:
        pieces = PieceInputs(WordPieceTable(tokenizer, words), row_length(student, stage.row_words))
        projections = SharedProjections(teacher, student, config.projection_weight)
        objectives.append(StudentMaskedPieces(student, pieces, projections))
    batches = sequence_batches(shards, stage)
    steps = max(1, round(stage.epochs * batches.steps_of_epoch()))
    model = pretraining_model(mixed_teacher(teacher, student), objectives, optimizer(stage, steps))
    with contextlib.suppress(UserError):  # without a head there, it begins with a random one
        head = load_masked_lm(source.directory).masked_lm_head
        model.get_layer("teacher_head").set_weights(head.get_weights())

    def probability(step):
        return mixing_probability(step, steps, config.mixing, config.ramp)

    examples = MixedExamples(batches, inputs, objectives, probability, stage.seed)
    facts = {
        **dataclasses.asdict(config),
        "teacher": source.directory.name,
        "vocabulary": hashlib.sha256("\n".join(tokenizer.get_vocabulary()).encode()).hexdigest(),
        "corpus": shards.manifest["words_file"]["sha256"],
    }
    run.mkdir(parents=True, exist_ok=True)
    train(model, examples, steps, run, facts, **settings)
    plain.set_weights(student.get_weights())
    return plain, model
