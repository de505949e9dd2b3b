"""The BERT that the other methods of the field are measured on, pretrained by masked LM.

    KERAS_BACKEND=jax python benchmarks/pretrained_bert.py --shards SHARDS --vocabulary vocab.txt \
        --work WORK

4 layers of 256, BERT's WordPieces, from random weights, by `eelbert pretrain` over the first shards
(the last two of all are never read: the other scripts measure on them). WORK/bert_mini is the
directory of a KerasHub `BertMaskedLM`. On a GPU it takes three minutes; stopped, the same command
goes on. Facts of the run go to results/pretrained_bert.json, read from its log.
"""

import argparse
import datetime
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
from first_shards import first_shards

SHAPE = {"num_layers": 4, "num_heads": 4, "hidden_dim": 256, "intermediate_dim": 1024}
OPTIONS = {
    "--objective": "masked_lm",
    "--row-words": "112",
    "--batch-tokens": "16384",
    "--learning-rate": "1e-3",
    "--dtype": "mixed_bfloat16",
    "--steps-per-execution": "32",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", required=True)
    parser.add_argument("--words", type=int, default=32_000_000, help="of the first shards")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--device", default="", help="to be named beside the facts")
    arguments = parser.parse_args()
    out, start = arguments.work / "bert_mini", arguments.work / "bert_4x256"
    shards = first_shards(arguments.shards, arguments.work / "shards", arguments.words)
    if not out.exists():
        if not start.exists():
            random_bert(arguments.vocabulary, start)
        options = {**OPTIONS, "--epochs": str(arguments.epochs), "--preset": str(start)}
        pretrained(shards.directory, out, options)
    log = (arguments.work / "bert_mini.run" / "log.jsonl").read_text().splitlines()
    facts = facts_of([json.loads(line) for line in log], shards, arguments)
    file = pathlib.Path(__file__).parent / "results/pretrained_bert.json"
    file.write_text(json.dumps(facts, indent=1) + "\n")
    print(json.dumps(facts, indent=1))


def random_bert(vocabulary, out):
    """A directory of a BERT of random weights."""
    import keras
    import keras_hub

    from eelbert_tf.files import replaced

    keras.utils.set_random_seed(0)
    pieces = pathlib.Path(vocabulary).read_text(encoding="utf-8").splitlines()
    tokenizer = keras_hub.models.BertTokenizer(vocabulary=pieces, lowercase=True)
    backbone = keras_hub.models.BertBackbone(vocabulary_size=len(pieces), **SHAPE)
    with replaced(out) as directory:
        directory.mkdir()
        backbone.save_to_preset(str(directory))
        tokenizer.save_to_preset(str(directory))


def pretrained(shards, out, options):
    from eelbert_tf.cli.main import main as eelbert

    eelbert(["pretrain", str(shards), "--out", str(out), *(x for o in options.items() for x in o)])


def facts_of(log, shards, arguments):
    """What the log tells: losses are means of the steps between two lines."""
    from eelbert_tf.training.model_directory import versions

    return {
        "shards": len(shards),
        "words_of_shards": shards.word_count,
        "epochs": arguments.epochs,
        "steps": log[-1]["step"],
        "losses": {line["step"]: round(line["loss"], 4) for line in log},
        "minutes_from_first_line": round((log[-1]["time"] - log[0]["time"]) / 60, 2),
        "made_by": {
            "script": "benchmarks/pretrained_bert.py",
            "date": datetime.date.fromtimestamp(log[-1]["time"]).isoformat(),
            "settings": {**SHAPE, **OPTIONS},
            "device": arguments.device,
            "environment": versions(),
        },
    }


if __name__ == "__main__":
    main()
