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
# Pages of docs/ and the results that they show.
PAGES = {
    "ablations": ("embedding_ablation", "encoder_ablation", "frontier", "pretraining_curves"),
    "compression": ("compression", "sensitivity"),
    "decomposition": ("decomposition_counts", "decomposition"),
    "distillation": ("distillation",),
    "embedding-compression": ("embedding_compression", "bert_141m/embedding_compression"),
    "glue": ("pair_heads", "taught", "typing_errors"),
    "mediapipe": ("mediapipe_coverage",),
    "methods": ("methods",),
    "mixed-vocabulary": ("mixed_vocabulary",),
    "on-device": ("download_sizes", "device"),
    "pretraining": ("objectives", "like_for_like", "pretraining_speed"),
    "scaling": ("scaling", "scoring"),
}


def tables():
    """What stands between each mark and its end, but for what needs training."""
    from eelbert_tf.models import EelbertBackbone
    from eelbert_tf.models.summary import model_summary

    results = ROOT / "benchmarks/results"
    summary = model_summary(EelbertBackbone.from_preset("eelbert_uno"))
    return {
        "benchmarks/results/classification.md": (results / "classification.md").read_text(),
        "benchmarks/results/device.md": (results / "device.md").read_text(),
        "benchmarks/results/glue.md": (results / "glue.md").read_text(),
        "benchmarks/results/intents.md": (results / "intents.md").read_text(),
        "benchmarks/results/speed.md": (results / "speed.md").read_text(),
        "benchmarks/results/taught.md": (results / "taught.md").read_text(),
        "eelbert info eelbert_uno": f"```\n{summary}\n```\n",
    }


def results_of(page):
    """The same of a page of docs/."""
    names = [f"benchmarks/results/{name}.md" for name in PAGES[page]]
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in names}


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
    for page in PAGES:
        file = ROOT / f"docs/{page}.md"
        text = updated(file.read_text(encoding="utf-8"), results_of(page))
        file.write_text(text, encoding="utf-8")
