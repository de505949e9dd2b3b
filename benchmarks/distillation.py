"""EELBERTs as students of a BERT that was fine-tuned, beside plain fine-tuning of the same presets.

    python benchmarks/distillation.py --data ../shared/data --teacher BERT_DIR \
        --students eelbert_uno_en_uncased --work DIR

A tenth of train is held out. On it seed 0 chooses among the ways to distil; then every seed of
plain fine-tuning and of that way is scored once on the official rows (SST-2 dev, CLINC150 test).
All train on the same rows for as many epochs at the same rates. Runs are kept in --work, and a
second call goes on from there.
"""

import argparse
import functools
import json
import os
import pathlib
import statistics

from provenance import provenance

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
# name: title, train, rows to score on
SETS = {
    "sst2": ("SST-2", "glue/sst2/train.tsv.gz", "glue/sst2/dev.tsv.gz"),
    "clinc150": (
        "CLINC150",
        "classification/clinc150/train.tsv.gz",
        "classification/clinc150/test.tsv.gz",
    ),
}
PLAIN = "plain fine-tuning"
# name: whether layers are learnt first, settings of `AnswerConfig`
WAYS = {
    "answers": (False, {}),
    "answers, half of the loss by labels": (False, {"hard_label_weight": 0.5}),
    "answers at temperature 2": (False, {"temperature": 2.0}),
    "layers, then answers": (True, {}),
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=pathlib.Path, required=True)
    arguments.add_argument("--teacher", required=True)
    arguments.add_argument("--students", nargs="+", required=True)
    arguments.add_argument("--work", type=pathlib.Path, required=True)
    arguments.add_argument("--sets", nargs="*", choices=SETS, default=list(SETS))
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--epochs", type=int, default=5)
    arguments.add_argument("--batch-size", type=int, default=64)
    arguments.add_argument("--learning-rate", type=float, default=1e-3)
    arguments.add_argument("--teacher-epochs", type=int, default=3)
    arguments.add_argument("--teacher-learning-rate", type=float, default=3e-4)
    arguments.add_argument("--rows", type=int, help="of train, to try the script")
    arguments.add_argument("--results", type=pathlib.Path, default=RESULTS)
    arguments = arguments.parse_args()
    records = {name: measure(name, arguments) for name in arguments.sets}
    write(records, arguments)


def measure(name, arguments):
    """What teacher and students reach on one data set."""
    from eelbert_tf.data.read import read_examples
    from eelbert_tf.data.split import stratified_holdout

    title, *files = SETS[name]
    train, test = (read_examples(arguments.data / file) for file in files)
    if arguments.rows:
        train = train.take(range(arguments.rows))
    train, held_out = stratified_holdout(train)
    work = arguments.work / name

    def score(student, way, seed, rows):
        name = f"{student}, {way}, {seed}, {'held out' if rows is held_out else 'scored'}"
        return keep(
            work,
            name,
            lambda: accuracy(train_one(arguments, train, work, student, way, seed), rows),
        )

    teacher = keep(work, "teacher", lambda: accuracy(teacher_of(arguments, train, work), test))
    record = {"title": title, "rows": [len(train), len(test)], "teacher": teacher, "students": {}}
    for student in arguments.students:
        held = {way: score(student, way, 0, held_out) for way in WAYS}
        best = max(held, key=held.get)
        scores = {
            way: [score(student, way, seed, test) for seed in range(arguments.seeds)]
            for way in (PLAIN, best)
        }
        record["students"][student] = {"held_out": held, "best": best, "accuracy": scores}
    return record


def train_one(arguments, train, work, student, way, seed):
    """A trained student, by plain fine-tuning or by a way to distil."""
    from eelbert_tf.distillation.config import AnswerConfig, LayerConfig
    from eelbert_tf.distillation.distill_task import distill_task, new_student
    from eelbert_tf.training.fine_tune import fit

    settings = {
        "epochs": arguments.epochs,
        "batch_size": arguments.batch_size,
        "learning_rate": arguments.learning_rate,
        "seed": seed,
    }
    task = new_student(train, student, seed=seed)
    if way == PLAIN:
        return fit(task, train, verbose=2, **settings)
    layers, more = WAYS[way]
    return distill_task(
        teacher_of(arguments, train, work),
        task,
        train,
        work / "runs" / f"{student}, {way}, {seed}",
        LayerConfig(epochs=3, batch_tokens=2048, seed=seed) if layers else None,
        AnswerConfig(**settings, **more),
        {"student": student},
        report=lambda progress, unit: print(way, progress.step, progress.steps, progress.losses),
    )


@functools.cache
def _teacher(directory):
    from eelbert_tf.models import BertTextClassifier

    return BertTextClassifier.from_preset(directory)


def teacher_of(arguments, train, work):
    """The fine-tuned teacher, trained once."""
    from eelbert_tf.files import replaced
    from eelbert_tf.training.fine_tune import fine_tune

    directory = work / "teacher"
    if not directory.exists():
        work.mkdir(parents=True, exist_ok=True)
        task = fine_tune(
            train,
            arguments.teacher,
            epochs=arguments.teacher_epochs,
            batch_size=arguments.batch_size,
            learning_rate=arguments.teacher_learning_rate,
            verbose=2,
        )
        with replaced(directory) as path:
            task.save_to_preset(str(path))
    return _teacher(directory)


def accuracy(task, examples):
    from eelbert_tf.runtimes.keras_runtime import keras_predictor
    from eelbert_tf.training.evaluate import evaluate

    return evaluate(keras_predictor(task, False), examples)["accuracy"]


def keep(work, name, compute):
    """A number that is computed once."""
    work.mkdir(parents=True, exist_ok=True)
    file = work / "scores.json"
    scores = json.loads(file.read_text()) if file.exists() else {}
    if name not in scores:
        scores[name] = compute()
        file.write_text(json.dumps(scores, indent=1) + "\n")
        print(f"{name}: {scores[name]:.4f}", flush=True)
    return scores[name]


def write(records, arguments):
    made_by = {
        **provenance(__file__),
        "settings": {
            name: pathlib.Path(value).name if name == "teacher" else value
            for name, value in vars(arguments).items()
            if name not in ("data", "work", "results")
        },
        "choice": "the way to distil, by seed 0 on a tenth held out of train",
    }
    arguments.results.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"made_by": made_by, "sets": records}, indent=1)
    (arguments.results / "distillation.json").write_text(text + "\n")
    names = ("data set", "rows, train / scored", "teacher", "student", PLAIN, "distilled", "by")
    lines = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    for record in records.values():
        for student, result in record["students"].items():
            plain, distilled = (
                f"{100 * statistics.mean(scores):.1f} ± {100 * statistics.pstdev(scores):.1f}"
                for scores in (result["accuracy"][PLAIN], result["accuracy"][result["best"]])
            )
            rows = " / ".join(f"{count:,}" for count in record["rows"])
            lines.append(
                f"| {record['title']} | {rows} | {100 * record['teacher']:.1f} | {student} "
                f"| {plain} | {distilled} | {result['best']} |"
            )
    (arguments.results / "distillation.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
