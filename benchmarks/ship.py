"""Build one shipped model: preset, SavedModel, `.tflite` files, scores and card.

    python benchmarks/ship.py --pretrained DIR --name eelbert_uno_en_uncased --data stsb/dev.tsv.gz
    python benchmarks/ship.py --pretrained DIR --name eelbert_plus_sst2 --data sst2/dev.tsv.gz \
        --labels negative positive

DIR is a preset directory, or a model directory with its `preset/`. A classifier is scored by
accuracy on labelled rows; anything else becomes an `EelbertTextEmbedder`, scored by Spearman's
correlation of cosines with the scores of pairs. Each artefact is scored as it was written. What no
program can know (training data, licences, procedure) is in saved_models/facts.json.
"""

import argparse
import datetime
import json
import os
import pathlib
import shutil
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
SAVED_MODELS = pathlib.Path(__file__).parents[1] / "saved_models"


def main(line=None):
    arguments = _parser().parse_args(line)
    from ship_scores import scores_of
    from ship_task import is_classifier, load, rename, round_weights

    from eelbert_tf.data.read import read_examples
    from eelbert_tf.files import replaced

    examples = read_examples(arguments.data)
    facts = facts_of(arguments.facts, arguments.name)
    task = load(arguments.pretrained)
    if arguments.labels:
        examples = rename(task, arguments.labels, examples)
    if arguments.mantissa_bits is not None:
        round_weights(task, arguments.mantissa_bits)
    with replaced(arguments.out / arguments.name, arguments.overwrite) as directory:
        pair = is_classifier(task) and examples.text_pairs is not None
        max_words = min(arguments.max_words, task.preprocessor.max_words)
        write_artefacts(task, directory, pair, max_words, facts["seed"])
        scores = scores_of(directory, examples)
        for part in arguments.without:
            path = directory / part
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        metrics = {
            "name": arguments.name,
            "description": facts["description"],
            **settings_of(task, pair, max_words),
            "mantissa_bits": arguments.mantissa_bits or 23,
            "seed": facts["seed"],
            "evaluated_on": {**facts["evaluated_on"], "rows": len(examples)},
            "scores": scores,
            "date": datetime.date.today().isoformat(),
            "versions": _versions(),
        }
        write_card(directory, facts, metrics)
        write_json(directory / "metrics.json", metrics)
    print(json.dumps(metrics, indent=1))
    files = [file for file in arguments.out.rglob("*") if file.is_file()]
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    print(f"{arguments.out} holds {megabytes:.1f} MB now.", file=sys.stderr)


def _parser():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pretrained", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--name", required=True)
    parser.add_argument("--data", required=True, help="rows to score on")
    parser.add_argument("--labels", nargs="+", help="names of the classes, in the model's order")
    parser.add_argument("--max-words", type=int, default=64, help="window of the .tflite files")
    parser.add_argument(
        "--mantissa-bits",
        type=int,
        metavar="N",
        help="round weights to N bits of 23, which makes wheel and repository smaller: a float32 "
        "with 10 bits, as precise as a float16, compresses to about a half; 7 are a bfloat16's",
    )
    parser.add_argument("--facts", type=pathlib.Path, default=SAVED_MODELS / "facts.json")
    parser.add_argument("--out", type=pathlib.Path, default=SAVED_MODELS)
    parser.add_argument(
        "--without",
        nargs="+",
        choices=("saved_model", "model.tflite"),
        default=(),
        help="what is scored and then not kept, which makes the repository smaller",
    )
    parser.add_argument("--overwrite", action="store_true")
    return parser


def facts_of(file, name):
    """The facts of a model, its `data` with names and licences instead of their keys.

    Raises:
        UserError: there are none, or a source is unknown.
    """
    from eelbert_tf.errors import UserError

    facts = json.loads(file.read_text(encoding="utf-8"))
    if name not in facts["models"]:
        raise UserError(f"{file} must name what a model learnt from. Received: {name}. Add it.")
    model = facts["models"][name]
    unknown = [key for key in model["data"] if key not in facts["data"]]
    if unknown:
        raise UserError(f"{file} must describe its data. Received: {', '.join(unknown)}. Add them.")
    return {**model, "data": [facts["data"][key] for key in model["data"]]}


def write_artefacts(task, directory, pair, max_words, seed):
    """Preset, SavedModel, both `.tflite` files, labels and command, without card or scores."""
    from eelbert_tf.export.litert import export_litert
    from eelbert_tf.export.outputs import label_names
    from eelbert_tf.export.saved_model import export_saved_model

    directory.mkdir()
    task.save_to_preset(str(directory / "preset"))
    export_saved_model(task, directory / "saved_model", pair)
    for quantize, name in (("none", "model.tflite"), ("int8", "model_int8.tflite")):
        export_litert(task, directory / name, pair, max_words=max_words, quantize=quantize)
    if label_names(task):
        text = "\n".join(label_names(task)) + "\n"
        (directory / "labels.txt").write_text(text, encoding="utf-8")
    record = {"pair": pair, "seed": seed, "versions": _versions()}
    write_json(directory / "command.json", record)


def settings_of(task, pair, max_words):
    """What a reader of `metrics.json` and the card wants to know of the model itself."""
    return {
        "task": type(task).__name__,
        "pair": pair,
        "parameters": task.count_params(),
        "num_layers": task.backbone.num_layers,
        "hidden_dim": task.backbone.hidden_dim,
        "hash_version": task.preprocessor.hash_config.version,
        "max_words": {"preset": task.preprocessor.max_words, "tflite": max_words},
    }


def write_card(directory, facts, metrics):
    """Write README.md, put it into the `.tflite` files, and add all sizes to the metrics.

    The card tells the sizes of files that hold it: it is written anew until it is right.
    """
    from ship_card import card, put_into_litert
    from ship_scores import sizes_of

    text = None
    for _ in range(5):
        metrics.update(sizes_of(directory))
        previous, text = text, card(facts, metrics)
        if text == previous:
            break
        for file in directory.glob("*.tflite"):
            put_into_litert(file, text)
    (directory / "README.md").write_text(text, encoding="utf-8")


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _versions():
    from eelbert_tf.training.model_directory import versions

    return versions()


if __name__ == "__main__":
    main()
