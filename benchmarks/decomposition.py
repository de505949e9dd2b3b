"""Extreme decomposition: a BERT's encoder at 1/7 and 1/48 of its weights, distilled or not.

    taskset -c 0 python benchmarks/decomposition.py BERT --glue GLUE --shards SHARDS --work WORK

BERT is the directory of a trained BERT. Its encoder is decomposed at each ratio by protocol IV, and
at the highest by II and III too; each is measured as it is, after distillation on the shards (stage
1), and after that on the rows of each task (stages 1 and 2, from BERT fine-tuned on them). GLUE by
the same recipe for all; in stage 2 by the epochs and the learning rate that the recipe chose for
stage 1, the mean over the seeds. Speed against BERT in turns in this run, in Keras (batches of 32 x
64 and 1 x 32) and as `.tflite` of 64 ready token ids, fp32 and int8, whose bytes count too.

Rows go to results/decomposition.json and .md; presets and runs stay in WORK. A second call goes on
from there. Decomposing and speed take minutes; the time is that of distillation and GLUE.
"""

import argparse
import functools
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import method_glue
from decomposition_measures import measured
from decomposition_stage_2 import layer_config, stage_2
from decomposition_table import ORIGINAL, STAGE_1, STAGE_2, key_of, write_tables
from provenance import provenance


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bert", metavar="BERT", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--shards", help="for stage 1; none without")
    parser.add_argument("--ratios", type=float, nargs="+", default=(7.0, 48.0))
    parser.add_argument(
        "--general-epochs", type=float, nargs="+", default=(1.0, 1.0), help="of stage 1, each ratio"
    )
    parser.add_argument(
        "--layer-epochs", type=float, default=3.0, help="of stage 2, before answers"
    )
    parser.add_argument("--layer-batch-tokens", type=int, default=2048, help="of both stages")
    parser.add_argument("--layer-rate", type=float, default=2e-3, help="of both stages")
    method_glue.add_arguments(parser)
    parser.add_argument("--repeats", type=int, default=15, help="of timings")
    parser.add_argument(
        "--results", type=pathlib.Path, default=pathlib.Path(__file__).parent / "results"
    )
    arguments = parser.parse_args()
    if len(arguments.general_epochs) != len(arguments.ratios):
        parser.error(
            "`--general-epochs` must have one number for each of `--ratios`. Received: "
            f"{arguments.general_epochs} for {arguments.ratios}."
        )
    arguments.work.mkdir(parents=True, exist_ok=True)
    method_glue.fill(
        arguments.results / "decomposition.json",
        made_by(arguments),
        functools.partial(steps, arguments),
        lambda results: write_tables(results, arguments.results),
    )


def steps(arguments, rows):
    """Fill what is missing in the rows; gives the name of each thing done."""
    presets = {ORIGINAL: arguments.bert}
    for ratio in arguments.ratios:
        for protocol in ("IV", "II", "III") if ratio == max(arguments.ratios) else ("IV",):
            key = key_of(protocol, ratio)
            presets[key] = arguments.work / key
            if not presets[key].exists():
                decompose(arguments.bert, protocol, ratio, presets[key])
    for key, preset in presets.items():
        if key not in rows:
            rows[key] = measured(arguments.bert, preset, arguments.repeats)
            yield f"{key}: bytes and speed"
    stage_1 = zip(arguments.ratios, arguments.general_epochs) if arguments.shards else ()
    for ratio, epochs in stage_1:
        key = key_of("IV", ratio)
        presets[key + STAGE_1] = arguments.work / (key + STAGE_1)
        if not presets[key + STAGE_1].exists():
            distill(arguments, presets[key], presets[key + STAGE_1], epochs)
            yield f"{key}{STAGE_1}: distilled"
    if not arguments.glue:
        return
    of_iv = [key for key in presets if key.startswith((ORIGINAL, "IV"))]
    for key in [*of_iv, *(key for key in presets if key not in of_iv)]:
        row = rows.setdefault(key, {})
        if method_glue.lacks(row, arguments):
            row["glue"] = method_glue.glue(presets[key], arguments.work / "glue" / key, arguments)
            yield f"{key}: GLUE"
        if key.endswith(STAGE_1):
            name = key.removesuffix(STAGE_1) + STAGE_2
            row = rows.setdefault(name, {"glue": {}})
            for step in stage_2(arguments, presets[key], arguments.work / "glue", key, row["glue"]):
                yield f"{name}: {step}"


def decompose(bert, protocol, ratio, out):
    from eelbert_tf.compression.compress_preset import compress_preset

    compress_preset(bert, "decompose", {"protocol": protocol, "ratio": ratio}, out=out)


def distill(arguments, student, out, epochs):
    """Stage 1: the layers of the original, on general text."""
    from eelbert_tf.distillation.distill_general import distill_general
    from eelbert_tf.pretraining.shards import Shards

    config = layer_config(arguments, epochs)
    distill_general(Shards(arguments.shards), arguments.bert, student, out, config)


def made_by(arguments):
    names = ("ratios", "general_epochs", "layer_epochs", "layer_batch_tokens", "layer_rate")
    names += ("repeats", *method_glue.SETTINGS)
    settings = {"bert": arguments.bert.name, **{name: getattr(arguments, name) for name in names}}
    return {
        **provenance(__file__),
        "settings": settings,
        "cores": len(os.sched_getaffinity(0)),
    }


if __name__ == "__main__":
    main()
