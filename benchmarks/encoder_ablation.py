"""What the parts of the encoder and of its pretraining are worth, by the same few passes.

    taskset -c 0 python benchmarks/encoder_ablation.py --shards SHARDS --targets TARGETS \\
        --glue ../shared/data/glue --vocabulary vocab.txt --bert PRETRAINED_BERT_TINY --work WORK

All rows are `eelbert_tiny` (BERT-tiny's encoder on hashed words) and learn a teacher's sentence
vectors, one pass unless the row says less. Shown: the cosine with those vectors at the end, the
mean and spread where there are several seeds, and scores of rows held out of train (`held_out.py`),
of the first seed. What is done is not done again.
"""

import json
import os
import pathlib
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pretraining_trial
from held_out import RATE, columns, scores, shown
from provenance import provenance

RESULTS = pathlib.Path(__file__).parent / "results"
SETTINGS = {
    "objectives": ("sentence_distillation",),
    "batch_tokens": 4096,
    "learning_rate": 4e-3,
    "dtype": "mixed_bfloat16",
}
# What differs from the first row, which reads all words once.
FIRST = "words, learnt positions"
ROWS = {
    FIRST: {},
    "hashed WordPieces": {"pieces": True},
    "computed positions (sine)": {"sine": 0.02},  # as large as learnt ones become
    "no positions": {"sine": 0.0},
    "warm start from a pretrained BERT-tiny": {"warm": True},
    "a quarter of a pass": {"passes": 0.25},
    "half a pass": {"passes": 0.5},
}
# Further rows for their cosine alone, to see what a seed moves.
SEEDS = {FIRST: 2, "a quarter of a pass": 3}


def main():
    parser = pretraining_trial.parser(__doc__)
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--bert", required=True)
    arguments = parser.parse_args()
    file = RESULTS / "encoder_ablation.json"
    results = json.loads(file.read_text()) if file.exists() else {"rows": {}}
    for name, changes in ROWS.items():
        row = results["rows"].setdefault(name, {"sentence_cosines": []})
        for seed in range(len(row["sentence_cosines"]), SEEDS.get(name, 1)):
            out = arguments.work / f"{name.replace(' ', '_')}-{seed}"
            loss = pretrained(out, arguments, seed, **changes)
            row["sentence_cosines"].append(1.0 - loss)
            if seed == 0:
                row["held_out"] = scores(out, arguments.glue)
            results["made_by"] = made_by()
            file.write_text(json.dumps(results, indent=1) + "\n")
            print(name, row, flush=True)
    lines = [f"| form | cosine | {columns()} |", "| --- | --- | --- | --- | --- | --- |"]
    for name in ROWS:
        row = results["rows"][name]
        cosines = row["sentence_cosines"]
        spread = f" ± {statistics.stdev(cosines):.3f}" if len(cosines) > 1 else ""
        cell = f"{statistics.mean(cosines):.3f}{spread}"
        lines.append(f"| {name} | {cell} | {shown(row['held_out'])} |")
    (RESULTS / "encoder_ablation.md").write_text("\n".join(lines) + "\n")


def pretrained(out, arguments, seed, pieces=False, sine=None, warm=False, passes=1.0):
    """Pretrain one row's encoder; returns the last loss, 1 - the cosine."""
    import keras

    from eelbert_tf.models import EelbertBackbone
    from eelbert_tf.pretraining.config import PretrainingConfig
    from eelbert_tf.pretraining.objectives import Distillation
    from eelbert_tf.pretraining.pretrain import optimizer
    from eelbert_tf.pretraining.pretraining_model import Examples, pretraining_model
    from eelbert_tf.pretraining.sequences import SequenceBatches
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.teacher import Targets, load_bert
    from eelbert_tf.pretraining.warm_start import warm_start
    from eelbert_tf.pretraining.word_inputs import HashedInputs
    from eelbert_tf.training.trainer import train

    keras.utils.set_random_seed(seed)
    config = PretrainingConfig(epochs=passes, **SETTINGS)
    shards = Shards(arguments.shards)
    targets = Targets(arguments.targets, shards)
    plain = EelbertBackbone.from_preset("eelbert_tiny")
    settings = {**plain.get_config(), "dtype": config.dtype, "dropout": 0.0}
    backbone = EelbertBackbone.from_config(settings)
    if sine is not None:
        compute_positions(backbone.position_embedding, sine)
    if warm:
        warm_start(backbone, load_bert(arguments.bert)[0])
    words, _ = shards.words()
    tokenizer = piece_tokenizer(arguments.vocabulary) if pieces else None
    inputs = HashedPieces(tokenizer, words, backbone) if pieces else HashedInputs(backbone, words)
    batches = SequenceBatches(shards, config.batch_tokens, seed, targets.shards)
    steps = round(passes * batches.steps_of_epoch())
    objectives = [Distillation(targets, words=False)]
    model = pretraining_model(backbone, objectives, optimizer(config, steps))
    reports = []
    run = pathlib.Path(f"{out}.run")
    run.mkdir(parents=True, exist_ok=True)
    facts = {"row": out.name, "steps": steps}
    train(model, Examples(batches, inputs, objectives), steps, run, facts, reports.append)
    plain.set_weights(backbone.get_weights())
    save(plain, tokenizer, out)
    return reports[-1].loss


def save(backbone, tokenizer, out):
    from eelbert_tf.models import EelbertPreprocessor

    out.mkdir(parents=True)
    backbone.save_to_preset(str(out))
    preprocessor = EelbertPreprocessor.from_backbone(backbone, tokenizer=tokenizer)
    preprocessor.save_to_preset(str(out))


def compute_positions(layer, amplitude):
    """Sines and cosines in the place of learnt positions; they do not learn in pretraining."""
    import keras
    import keras_hub
    import numpy as np

    table = np.zeros(layer.position_embeddings.shape, "float32")
    encoding = keras_hub.layers.SinePositionEncoding()
    layer.position_embeddings.assign(
        amplitude * keras.ops.convert_to_numpy(encoding(table[None]))[0]
    )
    layer.trainable = False


def piece_tokenizer(vocabulary):
    import keras_hub

    lines = pathlib.Path(vocabulary).read_text(encoding="utf-8").splitlines()
    return keras_hub.tokenizers.WordPieceTokenizer(lines, lowercase=True, strip_accents=True)


class HashedPieces:
    """As `pretraining.word_inputs.PieceInputs`, each piece hashed as a word."""

    def __init__(self, tokenizer, words, backbone):
        import keras_hub

        from eelbert_tf.hashing.distinct_words import hash_words
        from eelbert_tf.hashing.packing import CLS, MASK, PAD, SEP, special_vectors
        from eelbert_tf.pretraining.word_inputs import PieceInputs
        from eelbert_tf.pretraining.word_piece_table import WordPieceTable

        vocabulary = tokenizer.get_vocabulary()
        bert = keras_hub.models.BertTokenizer(vocabulary, lowercase=True)
        self.pieces = PieceInputs(WordPieceTable(bert, words))
        self.mask_number = self.pieces.mask_number
        self.vectors = hash_words(vocabulary, backbone.hash_config)
        special = special_vectors(backbone.hash_config)
        for name, row in (("[CLS]", CLS), ("[SEP]", SEP), ("[MASK]", MASK), ("[PAD]", PAD)):
            self.vectors[bert.token_to_id(name)] = special[row]

    def __call__(self, numbers):
        inputs, word_index = self.pieces(numbers)
        inputs["word_vectors"] = self.vectors[inputs.pop("token_ids")]
        return inputs, word_index


def made_by():
    return {
        **provenance(__file__),
        "settings": {**SETTINGS, "fine_tuning_rate": RATE, "seeds": SEEDS},
    }


if __name__ == "__main__":
    main()
