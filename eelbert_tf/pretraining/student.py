"""What is pretrained: a backbone of words or of WordPieces, its inputs, objectives and preset."""

from eelbert_tf.preset_names import is_bert


def like(backbone, **changes):
    """A backbone of the same weights with other settings."""
    other = type(backbone).from_config({**backbone.get_config(), **changes})
    other.set_weights(backbone.get_weights())
    return other


def masked_lm(backbone, tokenizer, model):
    """A `keras_hub.models.BertMaskedLM` with the head that learnt to tell hidden WordPieces.

    Args:
        backbone: `keras_hub.models.BertBackbone`.
        tokenizer: `keras_hub.models.BertTokenizer`.
        model: what was trained, with the head of `MaskedWordPieces`.
    """
    import keras_hub

    preprocessor = keras_hub.models.BertMaskedLMPreprocessor(
        tokenizer, sequence_length=backbone.max_sequence_length
    )
    task = keras_hub.models.BertMaskedLM(backbone=backbone, preprocessor=preprocessor)
    task.masked_lm_head.set_weights(model.get_layer(task.masked_lm_head.name).get_weights())
    return task


def student(preset, words, config):
    """The backbone to train, the inputs that it takes, and how it is saved."""
    from eelbert_tf.models import EelbertBackbone
    from eelbert_tf.models.bert_directory import load_bert
    from eelbert_tf.pretraining.word_inputs import HashedInputs, PieceInputs, row_length
    from eelbert_tf.pretraining.word_piece_table import WordPieceTable

    fused = config.steps_per_execution > 1
    if is_bert(preset):
        plain, tokenizer = load_bert(preset)
        table = WordPieceTable(tokenizer, words)
        inputs = PieceInputs(table, row_length(plain, config.row_words), as_rows=fused)
    else:
        plain, tokenizer = EelbertBackbone.from_preset(preset), None
        inputs = HashedInputs(plain, words, as_rows=fused)
    backbone = like(plain, dtype=config.dtype, dropout=config.dropout)

    def save(directory, model):
        # The weights are float32 whatever they were trained in; so is what is saved.
        plain.set_weights(backbone.get_weights())
        directory.mkdir()
        if tokenizer is not None and "masked_lm" in config.objectives:
            masked_lm(plain, tokenizer, model).save_to_preset(str(directory))
        elif tokenizer is not None:
            plain.save_to_preset(str(directory))
            tokenizer.save_to_preset(str(directory))
        elif config.has_teacher:
            _embedder(plain, model).save_to_preset(str(directory))
        else:
            plain.save_to_preset(str(directory))

    return backbone, inputs, save


def _embedder(backbone, model):
    """The backbone with the head that learnt the teacher's sentence vectors."""
    from eelbert_tf.models import EelbertPreprocessor, EelbertTextEmbedder

    head = model.get_layer("teacher_sentence")
    embedder = EelbertTextEmbedder(
        backbone, EelbertPreprocessor.from_backbone(backbone), embedding_dim=head.units
    )
    embedder.projection.set_weights(head.get_weights())
    return embedder


def objective(name, config, targets, backbone, inputs):
    """An object of `objectives`, by its name."""
    from eelbert_tf.pretraining import objectives
    from eelbert_tf.pretraining.masked_word_pieces import MaskedWordPieces
    from eelbert_tf.pretraining.word_inputs import PieceInputs

    if name == "masked_lm" and isinstance(inputs, PieceInputs):
        return MaskedWordPieces(backbone, inputs.table.mask)
    if name == "masked_lm":
        return objectives.MaskedLanguageModel(config.label_count)
    if name == "discrimination":
        return objectives.Discrimination()
    return objectives.Distillation(
        targets, words=name == "distillation", as_rows=config.steps_per_execution > 1
    )
