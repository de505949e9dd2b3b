"""Mixed vocabularies: is a student better for a teacher that trained on its pieces first?

    taskset -c 0 python benchmarks/mixed_vocabulary.py TEACHER --shards SHARDS --glue GLUE \
        --snips SNIPS --work WORK

TEACHER is the directory of a masked LM (`eelbert pretrain --objective masked_lm`). Three students
of the same random weights but for the token table, and of one vocabulary, learnt from SHARDS:

- with Stage I: the teacher reads --teacher-words, then the student --student-words;
- without it, the student reads --student-words: as many as the first student reads;
- without it, the student reads the sum of both: as many as teacher and student read together.

Each is measured by its masked-LM loss on the last shard, which none of them reads, by GLUE tasks
and by the intents of SNIPS (official test rows), fine-tuned by one recipe. Rows go to
results/mixed_vocabulary.json and .md; presets and runs stay in WORK, and a second call goes on from
there. By default it takes about 40 minutes on one core with a teacher of 4 layers of 256: the
student is smaller than the paper's for that, and reads little. --student 6x192 is of the paper.
"""

import argparse
import functools
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import method_glue
from first_shards import first_shards
from mixed_vocabulary_table import NAME, STAGE_1, STUDENT_WORDS, TITLES, write_table
from provenance import provenance

SETTINGS = ("student", "vocabulary_size", "teacher_words", "student_words", "mixing", "ramp")
SETTINGS += ("stage_1_learning_rate", "learning_rate", "batch_tokens", "dtype", "seed")
SETTINGS += ("measured_words", "snips_seeds", "snips_epochs", "snips_rate", *method_glue.SETTINGS)


def main():
    arguments = parsed()
    method_glue.fill(
        arguments.results / f"{NAME}.json",
        made_by(arguments),
        functools.partial(steps, arguments),
        lambda results: write_table(results, arguments.results),
    )


def parsed():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("teacher", metavar="TEACHER", type=pathlib.Path)
    parser.add_argument("--shards", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--snips", type=pathlib.Path, help="directory of train.tsv.gz, test.tsv.gz")
    parser.add_argument("--student", default="4x128")
    parser.add_argument("--vocabulary-size", type=int, default=4928)
    parser.add_argument("--teacher-words", type=int, default=1_000_000)
    parser.add_argument("--student-words", type=int, default=2_500_000)
    parser.add_argument("--mixing", type=float, default=0.5)
    parser.add_argument("--ramp", type=float, default=0.0)
    parser.add_argument("--stage-1-learning-rate", type=float, default=5e-4)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--batch-tokens", type=int, default=4096)
    parser.add_argument("--dtype", default="mixed_bfloat16")
    parser.add_argument("--seed", type=int, default=0, help="of pretraining")
    parser.add_argument("--measured-words", type=int, default=50_000, help="of the last shard")
    method_glue.add_arguments(parser, rates=(1e-3,), epochs=3)
    parser.add_argument("--snips-seeds", type=int, default=2)
    parser.add_argument("--snips-epochs", type=int, default=3)
    parser.add_argument("--snips-rate", type=float, default=1e-3)
    parser.add_argument(
        "--results", type=pathlib.Path, default=pathlib.Path(__file__).parent / "results"
    )
    return parser.parse_args()


def steps(arguments, rows):
    """Fill what is missing in the rows; gives the name of each thing done."""
    for name, title in TITLES.items():
        row = rows.setdefault(name, {"words": words_of(name, arguments)})
        preset = arguments.work / name
        if not preset.exists():
            pretrained(name, preset, arguments)
        if "loss" not in row:
            row |= measured(preset, arguments)
            yield f"{title}: masked LM"
        if arguments.glue and method_glue.lacks(row, arguments):
            row["glue"] = method_glue.glue(preset, arguments.work / "glue" / name, arguments)
            yield f"{title}: GLUE"
        if arguments.snips and "snips" not in row:
            row["snips"] = snips(preset, arguments)
            yield f"{title}: SNIPS"


def words_of(name, arguments):
    """The words that the teacher reads, and those that the student reads."""
    teacher, student = arguments.teacher_words, arguments.student_words
    if name == STAGE_1:
        return {"teacher": teacher, "student": student}
    return {"teacher": 0, "student": student if name == STUDENT_WORDS else teacher + student}


def pretrained(name, out, arguments):
    """Train a student: by the method, or from random weights."""
    from eelbert_tf.compression.compress_preset import compress_preset
    from eelbert_tf.mixed_vocabulary.config import MixedVocabularyConfig
    from eelbert_tf.pretraining.pretrain import pretrain
    from eelbert_tf.pretraining.shards import Shards

    shards = read_shards(arguments)
    words, given = words_of(name, arguments), vars(arguments)
    names = ("student", "mixing", "ramp", "stage_1_learning_rate", "learning_rate")
    options = {option: given[option] for option in (*names, "batch_tokens", "dtype")}
    options["vocabulary_size"] = arguments.vocabulary_size
    options["epochs"] = words["student"] / shards.word_count

    def report(progress):
        print(name, f"{progress.step}/{progress.steps}", f"{progress.loss:.4f}", flush=True)

    if name == STAGE_1:
        options["stage_1_epochs"] = words["teacher"] / shards.word_count
        settings = {"data": shards.directory, "seed": arguments.seed, "report": report}
        compress_preset(arguments.teacher, "mixed-vocab", options, out=out, **settings)
        return
    config = MixedVocabularyConfig(**options, seed=arguments.seed).stage_2()
    pretrain(Shards(shards.directory), start(arguments), out, config, report=report)


def read_shards(arguments):
    """The first shards, as many as hold the words of the budget."""
    words = arguments.teacher_words + arguments.student_words
    return first_shards(arguments.shards, arguments.work / "shards", words)


def start(arguments):
    """The student's random weights and its tokenizer; those that Stage I begins with, too."""
    import keras

    from eelbert_tf.files import replaced
    from eelbert_tf.mixed_vocabulary.student import student_backbone
    from eelbert_tf.models.bert_directory import load_bert

    directory = arguments.work / "start"
    if not directory.exists():
        _, tokenizer = load_bert(arguments.work / STAGE_1)
        keras.utils.set_random_seed(arguments.seed)
        backbone = student_backbone(arguments.student, tokenizer.vocabulary_size())
        with replaced(directory) as path:
            backbone.save_to_preset(str(path))
            tokenizer.save_to_preset(str(path))
    return directory


def measured(preset, arguments):
    """The masked-LM loss on the shard that was held out: the mean cross-entropy of a piece."""
    import math

    from eelbert_tf.models.bert_directory import load_masked_lm
    from eelbert_tf.pretraining.perplexity import Perplexity, masked_batches
    from eelbert_tf.pretraining.shards import Shards

    shards, task = Shards(arguments.shards), load_masked_lm(preset)
    batches = masked_batches(shards, task, [len(shards) - 1], arguments.measured_words)
    perplexity = Perplexity(task.backbone, task, batches)()
    return {"loss": math.log(perplexity), "parameters": task.backbone.count_params()}


def snips(preset, arguments):
    """The accuracy of each seed on the official test rows."""
    from eelbert_tf.data.read import read_examples
    from eelbert_tf.training.fine_tune import fine_tune

    train, test = (read_examples(arguments.snips / f"{part}.tsv.gz") for part in ("train", "test"))
    accuracies = []
    for seed in range(arguments.snips_seeds):
        settings = {"epochs": arguments.snips_epochs, "learning_rate": arguments.snips_rate}
        task = fine_tune(train, preset, seed=seed, max_words=64, verbose=0, **settings)
        answers = task.predict_labels(test.texts)
        right = [answer == label for answer, label in zip(answers, test.labels)]
        accuracies.append(sum(right) / len(right))
    return accuracies


def made_by(arguments):
    settings = {name: vars(arguments)[name] for name in SETTINGS}
    return {
        **provenance(__file__),
        "settings": {"teacher": arguments.teacher.name, **settings},
    }


if __name__ == "__main__":
    main()
