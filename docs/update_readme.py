"""Puts results and outputs into README.md and pages of docs/, between their marks.

python docs/update_readme.py            # the tables
python docs/update_readme.py --run      # the output of the five lines too: it trains (minutes)
"""

import contextlib
import io
import os
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[1]
FIVE_LINES = "output of the five lines"


def tables():
    """What stands between each mark and its end, but for what needs training."""
    from eelbert_tf.models import EelbertBackbone
    from eelbert_tf.models.summary import model_summary

    results = ROOT / "benchmarks/results"
    summary = model_summary(EelbertBackbone.from_preset("eelbert_uno"))
    return {
        "benchmarks/results/classification.md": (results / "classification.md").read_text(),
        "benchmarks/results/glue.md": (results / "glue.md").read_text(),
        "benchmarks/results/intents.md": (results / "intents.md").read_text(),
        "benchmarks/results/speed.md": (results / "speed.md").read_text(),
        "eelbert info eelbert_uno": f"```\n{summary}\n```\n",
    }


def ablations():
    """The same of docs/ablations.md."""
    file = ROOT / "benchmarks/results/embedding_ablation.md"
    return {"benchmarks/results/embedding_ablation.md": file.read_text()}


def on_device():
    """The same of docs/on-device.md."""
    names = [f"benchmarks/results/{name}.md" for name in ("download_sizes", "device")]
    return {name: (ROOT / name).read_text() for name in names}


def mediapipe():
    """The same of docs/mediapipe.md."""
    file = ROOT / "benchmarks/results/mediapipe_coverage.md"
    return {"benchmarks/results/mediapipe_coverage.md": file.read_text()}


def compression():
    """The same of docs/compression.md."""
    names = [f"benchmarks/results/{name}.md" for name in ("compression", "sensitivity")]
    return {name: (ROOT / name).read_text() for name in names}


def embedding_compression():
    """The same of docs/embedding-compression.md."""
    file = ROOT / "benchmarks/results/embedding_compression.md"
    return {"benchmarks/results/embedding_compression.md": file.read_text()}


def mixed_vocabulary():
    """The same of docs/mixed-vocabulary.md."""
    file = ROOT / "benchmarks/results/mixed_vocabulary.md"
    return {"benchmarks/results/mixed_vocabulary.md": file.read_text()}


def decomposition():
    """The same of docs/decomposition.md."""
    names = [f"benchmarks/results/{name}.md" for name in ("decomposition_counts", "decomposition")]
    return {name: (ROOT / name).read_text() for name in names}


def distillation():
    """The same of docs/distillation.md."""
    file = ROOT / "benchmarks/results/distillation.md"
    return {"benchmarks/results/distillation.md": file.read_text()}


def scaling():
    """The same of docs/scaling.md."""
    names = ("benchmarks/results/scaling.md", "benchmarks/results/scoring.md")
    return {name: (ROOT / name).read_text() for name in names}


def updated(readme, parts):
    """The text of a page with these parts.

    Raises:
        ValueError: a mark is missing, or there more than once.
    """
    for mark, text in parts.items():
        pattern = rf"(<!-- {re.escape(mark)} -->\n).*?(<!-- end -->)"
        readme, count = re.subn(
            pattern, lambda match, text=text: match[1] + text + match[2], readme, flags=re.S
        )
        if count != 1:
            raise ValueError(f"The page must hold the mark {mark!r} once. Found: {count}.")
    return readme


def five_lines(readme):
    """What the README's first Python block prints, but for progress."""
    import keras

    code = re.search(r"```python\n(.*?)```", readme, flags=re.S)[1]
    keras.utils.set_random_seed(0)
    printed = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as directory,
        contextlib.chdir(directory),
        contextlib.redirect_stdout(printed),
    ):
        exec(code, {})
    answers = [line for line in printed.getvalue().splitlines() if line.startswith("['")]
    return "```\n" + "\n".join(answers) + "\n```\n"


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    file = ROOT / "README.md"
    readme = file.read_text(encoding="utf-8")
    parts = tables()
    if "--run" in sys.argv:
        parts[FIVE_LINES] = five_lines(readme)
    file.write_text(updated(readme, parts), encoding="utf-8")
    pages = (
        ("ablations", ablations()),
        ("on-device", on_device()),
        ("mediapipe", mediapipe()),
        ("compression", compression()),
        ("decomposition", decomposition()),
        ("distillation", distillation()),
        ("scaling", scaling()),
        ("embedding-compression", embedding_compression()),
        ("mixed-vocabulary", mixed_vocabulary()),
    )
    for name, parts in pages:
        file = ROOT / f"docs/{name}.md"
        file.write_text(updated(file.read_text(encoding="utf-8"), parts), encoding="utf-8")
