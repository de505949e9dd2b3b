"""The field at a glance: what every method keeps of one BERT's GLUE scores, over its bytes.

    taskset -c 0 python benchmarks/methods.py --glue GLUE --work WORK \\
        "BERT:4 x 256=BERT" "SVD:2.5=EMBEDDING_WORK/presets/2.5-svd-0" ... \\
        "EELBERT:UNO=eelbert_uno_en_uncased"

Each entry is METHOD:SIZE=PRESET, the directory that a method made of the same BERT (see
embedding_compression.py, mixed_vocabulary.py, decomposition.py, distillation.py), or a preset of
this package. All are fine-tuned by one recipe on the same tasks, and scored once on the official
dev rows; SST-2 learns from 10,000 rows. Bytes are those of the int8 `.tflite` with two classes and
a window of 64: of a BERT on ready token ids, without its tokenizer; of an EELBERT on text, hash
and all. Rows go to results/methods.json, .md and .png; runs stay in WORK, and a second call goes
on from there.
"""

import argparse
import functools
import os
import pathlib
import statistics
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import method_glue
from provenance import provenance

RESULTS = pathlib.Path(__file__).parent / "results"
WINDOW = 64
TICKS = (0.3, 0.5, 1, 2, 5, 10)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", nargs="+", metavar="METHOD:SIZE=PRESET")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    method_glue.add_arguments(parser, required=True)
    arguments = parser.parse_args()
    file = RESULTS / "methods.json"
    method_glue.fill(file, made_by(arguments), functools.partial(steps, arguments), write)


def steps(arguments, rows):
    """Fill what is missing in the rows; gives the name of each thing done."""
    for entry in arguments.entries:
        name, _, preset = entry.partition("=")
        if method_glue.lacks(rows.get(name, {}), arguments):
            rows[name] = row(preset, name, arguments)
            yield name


def row(preset, name, arguments):
    """Parameters, bytes, and the scores of each task."""
    out = arguments.work / "runs" / name.replace(":", "-").replace(" ", "_")
    parameters, size = size_of(preset)
    return {
        "parameters": parameters,
        "int8_bytes": size,
        "glue": method_glue.glue(preset, out, arguments),
    }


def size_of(preset):
    """The parameters of an encoder, and the bytes of its int8 `.tflite` with two classes."""
    from eelbert_tf.preset_names import is_bert

    if is_bert(preset):
        from device_models import bert_on_ids

        from eelbert_tf.models.bert_directory import load_bert

        backbone, _ = load_bert(preset)
        return backbone.count_params(), len(bert_on_ids(backbone, WINDOW, "int8"))
    from eelbert_tf import EelbertTextClassifier
    from eelbert_tf.export.litert import export_litert

    task = EelbertTextClassifier.from_preset(preset, labels=["0", "1"])
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.tflite"
        export_litert(task, file, max_words=WINDOW, quantize="int8")
        return task.backbone.count_params(), file.stat().st_size


def made_by(arguments):
    settings = {name: getattr(arguments, name) for name in method_glue.SETTINGS}
    settings["window"] = WINDOW
    return {
        **provenance(__file__),
        "settings": settings,
    }


def complete_rows(rows):
    """Those that have the tasks of the first, those of a method one after the other."""
    tasks = next(iter(rows.values()))["glue"]
    names = [name for name, row in rows.items() if method_glue.complete(row, tasks)]
    methods = [name.partition(":")[0] for name in names]
    order = sorted(zip(names, methods), key=lambda pair: methods.index(pair[1]))
    return {name: rows[name] for name, _ in order}


def write(results):
    write_table(results["rows"])
    plot(results["rows"])


def write_table(rows):
    """The first row is what the others are compared with."""
    tasks = list(next(iter(rows.values()))["glue"])
    head = ["method", "size", "parameters", "int8 MB", *tasks, "average", "of the first row's"]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    first = method_glue.average(next(iter(rows.values()))["glue"])
    for name, row in complete_rows(rows).items():
        method, _, size = name.partition(":")
        cells = [method, size, f"{row['parameters']:,}", f"{row['int8_bytes'] / 1e6:.2f}"]
        cells += [f"{100 * statistics.mean(row['glue'][task]):.1f}" for task in tasks]
        average = method_glue.average(row["glue"])
        cells += [f"{100 * average:.1f}", f"{100 * average / first:.1f} %"]
        lines.append(f"| {' | '.join(cells)} |")
    (RESULTS / "methods.md").write_text("\n".join(lines) + "\n")


def plot(rows):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 4.4), layout="constrained")
    axes = figure.subplots()
    methods = {}
    for name, row in complete_rows(rows).items():
        methods.setdefault(name.partition(":")[0], []).append(row)
    marks = "osD^vP*X"
    for mark, (method, its) in zip(marks * len(methods), methods.items()):
        its = sorted(its, key=lambda row: row["int8_bytes"])
        sizes = [row["int8_bytes"] / 1e6 for row in its]
        axes.plot(
            sizes, [100 * method_glue.average(row["glue"]) for row in its], f"{mark}-", label=method
        )
    axes.set_xscale("log")
    axes.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
    axes.minorticks_off()
    axes.set_xlabel("MB of the int8 .tflite")
    axes.set_ylabel("mean dev score, %")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(RESULTS / "methods.png", dpi=100)


if __name__ == "__main__":
    main()
