"""Puts the results into README.md, between their marks. Numbers there are never typed.

    python docs/update_readme.py
"""

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[1]


def parts():
    """What stands between each mark and its end."""
    from eelbert_tf.models import EelbertBackbone
    from eelbert_tf.models.summary import model_summary

    results = ROOT / "benchmarks/results"
    summary = model_summary(EelbertBackbone.from_preset("eelbert_uno"))
    return {
        "benchmarks/results/classification.md": (results / "classification.md").read_text(),
        "benchmarks/results/speed.md": (results / "speed.md").read_text(),
        "eelbert info eelbert_uno": f"```\n{summary}\n```\n",
    }


def updated(readme):
    """The text of README.md with its parts as they are now."""
    for mark, text in parts().items():
        pattern = rf"(<!-- {re.escape(mark)} -->\n).*?(<!-- end -->)"
        readme, count = re.subn(
            pattern, lambda match, text=text: match[1] + text + match[2], readme, flags=re.S
        )
        if count != 1:
            raise ValueError(f"README.md must hold the mark {mark!r} once. Found: {count}.")
    return readme


if __name__ == "__main__":
    file = ROOT / "README.md"
    file.write_text(updated(file.read_text(encoding="utf-8")), encoding="utf-8")
