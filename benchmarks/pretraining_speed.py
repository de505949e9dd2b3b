"""The speed of pretraining an EELBERT over that of the same encoder with a table of WordPieces.

    taskset -c 0 python benchmarks/pretraining_speed.py --shards SHARDS --vocabulary vocab.txt

Both are of UNO's shape and learn from the same sequences on one core, in turn, with the preparation
of their batches: by discrimination, which has the same head for both, and by masked LM, over the
8,192 most frequent words and over all WordPieces, as each has it. Words a second; the ratio is the
median of the pairs. About 7 minutes a dtype.
"""

import argparse
import functools
import json
import os
import pathlib
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
from provenance import provenance

from eelbert_tf.training.trainer import REPORT_EVERY

RESULTS = pathlib.Path(__file__).parent / "results"
SHAPE = {"num_layers": 2, "num_heads": 2, "hidden_dim": 128, "intermediate_dim": 128}
REPEATS, BATCH_TOKENS = 3, 4096


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", required=True)
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--dtypes", nargs="+", default=["float32", "mixed_bfloat16"])
    arguments = parser.parse_args()
    from speed import side_by_side

    from eelbert_tf.pretraining.shards import Shards

    shards, rows = Shards(arguments.shards), {}
    with tempfile.TemporaryDirectory() as folder:
        bert = bert_of_the_same_shape(pathlib.Path(folder), arguments.vocabulary)
        for objective in ("discrimination", "masked_lm"):
            for dtype in arguments.dtypes:
                runs = [
                    functools.partial(speed, shards, preset, objective, dtype, folder)
                    for preset in ("eelbert_uno", bert)
                ]
                rows[f"{objective}, {dtype}"] = side_by_side(*runs, REPEATS)
    made_by = {
        **provenance(__file__),
        "settings": {
            "steps": REPORT_EVERY,
            "repeats": REPEATS,
            "batch_tokens": BATCH_TOKENS,
            "seed": 0,
        },
    }
    results = {"rows": rows, "made_by": made_by}
    (RESULTS / "pretraining_speed.json").write_text(json.dumps(results, indent=1) + "\n")
    lines = [
        "| objective | eelbert_uno, words/s | with a table of 30,522 WordPieces | ratio |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {k} | {a:,.0f} | {b:,.0f} | {ratio:.2f} |" for k, (a, b, ratio) in rows.items()]
    (RESULTS / "pretraining_speed.md").write_text("\n".join(lines) + "\n")
    print(*lines, sep="\n")


def bert_of_the_same_shape(folder, vocabulary):
    import keras_hub

    tokenizer = keras_hub.models.BertTokenizer(vocabulary, lowercase=True)
    size = tokenizer.vocabulary_size()
    keras_hub.models.BertBackbone(vocabulary_size=size, **SHAPE).save_to_preset(str(folder))
    tokenizer.save_to_preset(str(folder))
    return folder


def speed(shards, preset, objective, dtype, folder):
    """Words a second of the second fifty steps, batches and all."""
    from eelbert_tf.pretraining.config import PretrainingConfig
    from eelbert_tf.pretraining.pretrain import pretrain
    from eelbert_tf.pretraining.sequences import SequenceBatches

    steps, speeds = 2 * REPORT_EVERY, []
    epochs = steps / SequenceBatches(shards, BATCH_TOKENS).steps_of_epoch()
    config = PretrainingConfig((objective,), epochs=epochs, batch_tokens=BATCH_TOKENS, dtype=dtype)
    with tempfile.TemporaryDirectory(dir=folder) as out:
        pretrain(
            shards,
            preset,
            pathlib.Path(out) / "preset",
            config,
            report=lambda progress: speeds.append(progress.words_per_second),
        )
    return speeds[1]


if __name__ == "__main__":
    main()
