"""Fine-tuning with and without rows that a teacher labelled, from what `eelbert glue` wrote.

    python benchmarks/taught.py --rows WORK --task sst2 eelbert_uno_en_uncased=PLAIN,TAUGHT ...

WORK is the directory of `teacher_rows.py`; PLAIN and TAUGHT are what `eelbert glue` wrote of the
same weights, without and with `--intermediate TASK=WORK/rows.tsv:score`. Official dev rows, median
of the seeds. Models that are not named keep their rows. Writes `results/taught.json` and
`results/taught.md`.
"""

import argparse
import json
import pathlib

from provenance import provenance

RESULTS = pathlib.Path(__file__).parent / "results"
FACTS = ("title", "median", "standard_deviation", "interval_95", "chosen", "grid", "litert_int8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="+", metavar="NAME=PLAIN,TAUGHT")
    parser.add_argument("--rows", type=pathlib.Path, required=True)
    parser.add_argument("--task", required=True)
    arguments = parser.parse_args()
    file = RESULTS / "taught.json"
    results = json.loads(file.read_text()) if file.exists() else {"tasks": {}}
    teacher = json.loads((arguments.rows / "teacher.json").read_text())
    task = results["tasks"].setdefault(arguments.task, {"teacher": teacher, "models": {}})
    if task["teacher"] != teacher:
        raise SystemExit(f"The rows of {arguments.task} were made by another teacher before.")
    for model in arguments.models:
        name, _, directories = model.partition("=")
        task["models"][name] = compared(name, arguments.task, *directories.split(","))
    results["made_by"] = {
        **provenance(__file__),
        "scored": "the official dev rows",
    }
    file.write_text(json.dumps(results, indent=1) + "\n")
    (RESULTS / "taught.md").write_text(table(results["tasks"]))


def compared(name, task, plain, taught):
    """The results of a model both ways."""
    ways = {
        way: json.loads((pathlib.Path(directory) / "glue.json").read_text())
        for way, directory in (("plain", plain), ("taught", taught))
    }
    if ways["plain"]["model"]["fingerprint"] != ways["taught"]["model"]["fingerprint"]:
        raise SystemExit(f"{name} must be one model. Received results of two.")
    return {
        way: {
            "recipe": result["recipe"],
            "versions": result["versions"],
            **{fact: result["tasks"][task].get(fact) for fact in FACTS},
        }
        for way, result in ways.items()
    }


def table(tasks):
    lines = ["| task | model | plain | after the teacher's rows | int8 .tflite, after them |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for result in tasks.values():
        for name, ways in result["models"].items():
            (metric,) = ways["plain"]["median"]
            cells = [
                f"{100 * way['median'][metric]:.1f} ± {100 * way['standard_deviation'][metric]:.1f}"
                for way in (ways["plain"], ways["taught"])
            ]
            int8 = ways["taught"]["litert_int8"]
            cells.append(f"{100 * int8['metrics'][metric]:.1f}" if int8 else "")
            title = f"{ways['plain']['title']}, {metric}"
            lines.append(f"| {title} | {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
