"""Where a model of at most 0.4 MB, or 1.2 MB, spends its bytes best: shapes side by side.

    paths="--shards SHARDS --targets TARGETS --glue ../shared/data/glue --work WORK"
    for i in $(seq 0 11); do
        KERAS_BACKEND=jax python benchmarks/frontier.py --pretrain $i $paths
    done
    taskset -c 0 python benchmarks/frontier.py $paths

The first step needs JAX, for a GPU; its shapes can be trained side by side. The second scores.

Each shape learns a teacher's sentence vectors in the same passes from random weights, by the better
of two rates (by the loss at the end), and is scored on rows held out of train (`held_out.py`). The
bytes are those of its int8 `.tflite` for SST-2. One seed. What is done is not done again.
"""

import json
import os
import pathlib
import statistics
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import pretraining_trial
from held_out import RATE, columns, mean, scores, shown
from provenance import provenance

RESULTS = pathlib.Path(__file__).parent / "results"
SETTINGS = {
    "objectives": ("sentence_distillation",),
    "batch_tokens": 16384,
    "weight_decay": 0.3,
    "dtype": "mixed_bfloat16",
    "steps_per_execution": 32,
}
RATES = (2e-3, 5e-3)
BUCKETS = {"bucket_orders": (3, 4), "bucket_dim": 64}
TRANSFORM = {"hash_transform_dim": 256}


def shape(layers, width, inner, **more):
    """Settings of an `EelbertBackbone`."""
    return {
        "num_layers": layers,
        "num_heads": width // 64,
        "hidden_dim": width,
        "intermediate_dim": inner,
        **more,
    }


SHAPES = {
    "UNO: 2 layers of 128, inner 128": shape(2, 128, 128),
    "UNO with a transform of 256": shape(2, 128, 128, **TRANSFORM),
    "1 layer, inner 512": shape(1, 128, 512),
    "1 layer, inner 128, transform, 1,024 buckets": shape(
        1, 128, 128, **TRANSFORM, **BUCKETS, bucket_count=1024
    ),
    "1 layer, inner 128, 2,048 buckets": shape(1, 128, 128, **BUCKETS, bucket_count=2048),
    "Tiny: 2 layers, inner 512": shape(2, 128, 512),
    "plus: Tiny, transform, 8,192 buckets": shape(
        2, 128, 512, **TRANSFORM, **BUCKETS, bucket_count=8192
    ),
    "plus, 16,384 buckets of 32": shape(
        2, 128, 512, **TRANSFORM, bucket_orders=(3, 4), bucket_dim=32, bucket_count=16384
    ),
    "2 layers, inner 128, transform, 11,264 buckets": shape(
        2, 128, 128, **TRANSFORM, **BUCKETS, bucket_count=11264
    ),
    "1 layer, inner 512, transform, 11,264 buckets": shape(
        1, 128, 512, **TRANSFORM, **BUCKETS, bucket_count=11264
    ),
    "4 layers, inner 512, transform, 2,048 buckets": shape(
        4, 128, 512, **TRANSFORM, **BUCKETS, bucket_count=2048
    ),
    "2 layers of 192, inner 768": shape(2, 192, 768),
}


def main():
    parser = pretraining_trial.parser(__doc__)
    parser.add_argument("--passes", type=float, default=2.0)
    parser.add_argument("--pretrain", type=int, metavar="SHAPE", choices=range(len(SHAPES)))
    arguments = parser.parse_args()
    if arguments.pretrain is not None:
        pretrain(list(SHAPES)[arguments.pretrain], arguments)
        return
    file = RESULTS / "frontier.json"
    results = json.loads(file.read_text()) if file.exists() else {"shapes": {}}
    for name, settings in SHAPES.items():
        if name not in results["shapes"]:
            results["shapes"][name] = row(name, settings, arguments)
            results["made_by"] = made_by(arguments)
            file.write_text(json.dumps(results, indent=1) + "\n")
            print(name, results["shapes"][name], flush=True)
    write_table(results["shapes"])


def folder_of(name, arguments):
    return arguments.work / name.replace(":", "").replace(",", "").replace(" ", "_")


def pretrain(name, arguments):
    """Pretrain a shape by each rate; the presets and `losses.json` lie in a folder of its own."""
    folder, losses = folder_of(name, arguments), {}
    if (folder / "losses.json").exists():
        return
    start = random_preset(SHAPES[name], folder / "random")
    for rate in RATES:
        reports = pretraining_trial.pretrained(
            start,
            folder / f"preset-{rate}",
            arguments,
            epochs=arguments.passes,
            learning_rate=rate,
            **SETTINGS,
        )
        tail = reports[-max(1, len(reports) // 10) :]
        losses[rate] = statistics.fmean(report.loss for report in tail)
        print(name, rate, losses[rate], flush=True)
    (folder / "losses.json").write_text(json.dumps(losses))


def row(name, settings, arguments):
    """Score the preset that fits best; a dict of numbers."""
    folder = folder_of(name, arguments)
    losses = json.loads((folder / "losses.json").read_text())
    rate = min(losses, key=losses.get)
    preset = folder / f"preset-{rate}"
    return {
        "settings": settings,
        "losses": losses,
        "rate": float(rate),
        "bytes": int8_bytes(preset),
        "held_out": scores(preset, arguments.glue),
    }


def random_preset(settings, path):
    import keras

    from eelbert_tf.models import EelbertBackbone, EelbertPreprocessor

    if not path.exists():
        keras.utils.set_random_seed(0)
        backbone = EelbertBackbone(**settings)
        path.mkdir(parents=True)
        backbone.save_to_preset(str(path))
        EelbertPreprocessor.from_backbone(backbone).save_to_preset(str(path))
    return str(path)


def int8_bytes(preset):
    from eelbert_tf import EelbertTextClassifier, export_litert

    task = EelbertTextClassifier.from_preset(str(preset), labels=["negative", "positive"])
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.tflite"
        export_litert(task, file, max_words=64, quantize="int8")
        return file.stat().st_size


def made_by(arguments):
    return {
        **provenance(__file__),
        "settings": {**SETTINGS, "rates": RATES, "fine_tuning_rate": RATE, "seed": 0},
        "passes": arguments.passes,
        "scored": "the tenth held out of train",
    }


def write_table(shapes):
    lines = [
        f"| shape | MB, int8 | loss | {columns()} | mean |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in sorted(shapes.items(), key=lambda item: item[1]["bytes"]):
        lines.append(
            f"| {name} | {row['bytes'] / 1e6:.2f} | {min(row['losses'].values()):.2f} | "
            f"{shown(row['held_out'])} | {100 * mean(row['held_out']):.1f} |"
        )
    (RESULTS / "frontier.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
