"""Stage I: the teacher with both embeddings and two masked-LM heads."""

import keras
import keras_hub
import numpy as np

from eelbert_tf.mixed_vocabulary.mixed_embedding import MixedEmbedding
from eelbert_tf.models.encoder_layers import initializer
from eelbert_tf.pretraining.corruption import Corruption
from eelbert_tf.pretraining.masked_word_pieces import HIDDEN, RANDOM, asked_positions
from eelbert_tf.pretraining.pretraining_model import Examples

VOCABULARIES = ("teacher", "student")


def mixed_teacher(teacher, student):
    """A BERT that reads the pieces of both vocabularies.

    Args:
        teacher: `keras_hub.models.BertBackbone` or `CompactBertBackbone`. All its weights are used,
            and trained, but for the pooler's.
        student: the same, of which the token embedding is used.

    Returns:
        A `keras.Model` with a backbone's inputs and its `sequence_output`; of `token_ids`, the
        student's are behind the teacher's.
    """
    inputs = {
        name: keras.Input((None,), dtype="int32", name=name)
        for name in ("token_ids", "segment_ids", "padding_mask")
    }
    tokens = MixedEmbedding(
        teacher.token_embedding,
        student.token_embedding,
        dtype=teacher.dtype_policy,
        name="mixed_embedding",
    )(inputs["token_ids"])
    segments = teacher.segment_embedding(inputs["segment_ids"])
    x = teacher.embeddings_add([tokens, teacher.position_embedding(tokens), segments])
    x = teacher.embeddings_dropout(teacher.embeddings_layer_norm(x))
    for layer in teacher.transformer_layers:
        x = layer(x, padding_mask=inputs["padding_mask"])
    return keras.Model(inputs, {"sequence_output": x})


class MixedMaskedPieces:
    """Which piece stood here? Asked in the vocabulary that the word was cut by.

    15 % of a sequence's pieces are asked, as in `MaskedWordPieces`; what hides one or replaces it
    is of its own vocabulary. Each head is KerasHub's, with its own transform, and its output matrix
    is the token table; the student's transform goes to the student's width, so that its table is
    used as the student itself will use it. The sum of both losses is the mean over all that is
    asked.

    Args:
        teacher, student: backbones, whose token embeddings the heads share.
        inputs: `MixedInputs`.
    """

    corruption = Corruption()
    losses = {
        f"{name}_pieces": "sparse_categorical_crossentropy_from_logits" for name in VOCABULARIES
    }

    def __init__(self, teacher, student, inputs):
        self._backbones, self._inputs = (teacher, student), inputs

    def head(self, inputs, x):
        outputs, positions = {}, {}
        for name, backbone in zip(VOCABULARIES, self._backbones):
            places = keras.Input((None,), dtype="int32", name=f"{name}_positions")
            outputs[f"{name}_pieces"] = keras_hub.layers.MaskedLMHead(
                token_embedding=backbone.token_embedding,
                intermediate_activation="gelu",
                kernel_initializer=initializer(),
                dtype=backbone.dtype_policy,
                name=f"{name}_head",
            )(x, places)
            positions[f"{name}_positions"] = places
        return outputs, positions

    def targets(self, example, rng):
        ids, offset = example.inputs["token_ids"], self._inputs.offset
        positions, asked = asked_positions(example.word_index >= 0, rng)
        labels = np.take_along_axis(ids, positions, axis=1)
        vocabulary = (labels >= offset).astype(int)
        draws = rng.random(labels.shape)
        others = rng.integers(self._inputs.sizes[vocabulary]) + vocabulary * offset
        shown = np.where(draws < HIDDEN + RANDOM, others, labels)
        shown = np.where(draws < HIDDEN, self._inputs.mask_ids[vocabulary], shown)
        changed = ids.copy()
        rows = np.arange(len(ids))[:, None]
        changed[rows, positions] = np.where(asked, shown, labels)
        x, y, weights = {"token_ids": changed}, {}, {}
        for number, name in enumerate(VOCABULARIES):
            own = asked & (vocabulary == number)
            count = max(1, own.sum(axis=1).max())
            order = np.argsort(~own, axis=1, kind="stable")[:, :count]
            its = np.take_along_axis(own, order, axis=1)
            numbers = np.take_along_axis(labels, order, axis=1) - number * offset
            x[f"{name}_positions"] = np.take_along_axis(positions, order, axis=1)
            y[f"{name}_pieces"] = np.where(its, numbers, 0)
            weights[f"{name}_pieces"] = its * np.float32(its.size / asked.sum())
        return x, y, weights


class MixedExamples(Examples):
    """Batches of Stage I, the same for the same step.

    Args:
        batches: `SequenceBatches`.
        inputs: `MixedInputs`.
        objectives: list of `MixedMaskedPieces` and others.
        probability: function of a step: that a word is cut by the student.
        seed: int.
    """

    def __init__(self, batches, inputs, objectives, probability, seed=0):
        super().__init__(batches, inputs, objectives, seed)
        self._probability = probability

    def encoded(self, numbers, step, rng):
        return self.inputs(numbers, self._probability(step), rng)
