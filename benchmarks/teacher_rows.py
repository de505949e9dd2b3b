"""Free sentences with what a fine-tuned teacher says of them: rows to learn before a task of GLUE.

    python benchmarks/teacher_rows.py TEACHER --task sst2 --glue ../shared/data/glue \\
        --corpus novels.txt.xz wikipedia-00.txt.xz --out WORK
    eelbert glue PRESET --tasks sst2 --intermediate sst2=WORK/rows.tsv:score ...

TEACHER is the directory of a BERT. It is fine-tuned on the task's train rows without the tenth that
`eelbert glue` holds out, and gives each sentence a score, the difference of its two logits; so do
the train rows themselves, which stand in the file too. A share of the sentences is spoilt by one
edit of words, for a task that asks about grammar. Steps that are done are not done again; `--step
teach` needs no TensorFlow and works on Keras's other backends too. Dev and test rows are not read.
"""

import argparse
import json
import pathlib
import re

WINDOW = 64
SHORTEST, LONGEST = 4, 24
LIMIT = 8.0  # of a score


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("teacher", metavar="TEACHER")
    parser.add_argument("--task", choices=("sst2", "cola"), required=True)
    parser.add_argument("--glue", required=True)
    parser.add_argument("--corpus", nargs="+", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--sentences", type=int, default=300_000)
    parser.add_argument("--spoilt", type=float, default=0.0, help="share of the sentences")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--step", choices=("prepare", "teach", "write"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    steps = {
        "prepare": (prepare, "pieces.npz"),
        "teach": (teach, "teacher.json"),
        "write": (write, "rows.tsv"),
    }
    for name, (step, file) in steps.items():
        if arguments.step in (None, name) and not (arguments.out / file).exists():
            step(arguments)


def prepare(arguments):
    """The texts, and their WordPieces as arrays."""
    import numpy as np
    import tensorflow as tf

    from eelbert_tf.data.split import stratified_holdout
    from eelbert_tf.glue.labels import class_ids
    from eelbert_tf.glue.recipe import HELD_OUT, HOLDOUT_SEED
    from eelbert_tf.glue.source import read_tasks
    from eelbert_tf.models import WordPiecePreprocessor
    from eelbert_tf.models.bert_directory import load_bert

    tasks, _ = read_tasks(arguments.glue, [arguments.task])
    ((task, data),) = tasks.items()
    train, held_out = stratified_holdout(data.train, HELD_OUT, HOLDOUT_SEED)
    texts = {
        "train": list(train.texts),
        "held_out": list(held_out.texts),
        "free": free_sentences(arguments.corpus, arguments.sentences, arguments.spoilt),
    }
    preprocessor = WordPiecePreprocessor(load_bert(arguments.teacher)[1], WINDOW)
    arrays = {
        "train_labels": class_ids(task, train),
        "held_out_labels": class_ids(task, held_out),
    }
    for name, its in texts.items():
        rows = []
        for start in range(0, len(its), 4096):
            ids = preprocessor(tf.constant(its[start : start + 4096]))["token_ids"].numpy()
            rows.append(np.pad(ids, [(0, 0), (0, WINDOW + 2 - ids.shape[1])]).astype("uint16"))
        arrays[name] = np.concatenate(rows)
    (arguments.out / "texts.json").write_text(json.dumps(texts))
    np.savez_compressed(arguments.out / "pieces.npz", **arrays)


def free_sentences(corpus, count, spoilt):
    """Sentences drawn from all documents alike, some of them spoilt."""
    import random

    from eelbert_tf.pretraining.corpus import read_documents

    source = random.Random(0)
    found = []
    for file in corpus:
        for document in read_documents(file):
            for paragraph in document:
                for sentence in re.split(r"(?<=[.!?])\s+", paragraph):
                    if SHORTEST <= sentence.count(" ") + 1 <= LONGEST and "\t" not in sentence:
                        found.append(sentence)
    drawn = source.sample(found, min(count, len(found)))
    vocabulary = " ".join(drawn[:20_000]).split()
    return [spoil(s, source, vocabulary) if source.random() < spoilt else s for s in drawn]


def spoil(sentence, source, vocabulary):
    """Drop, double, exchange or replace one word."""
    words = sentence.split()
    place = source.randrange(len(words) - 1)
    edit = source.choice(("drop", "double", "swap", "replace"))
    if edit == "drop":
        del words[place]
    elif edit == "double":
        words.insert(place, words[place])
    elif edit == "swap":
        words[place], words[place + 1] = words[place + 1], words[place]
    else:
        words[place] = source.choice(vocabulary)
    return " ".join(words)


def teach(arguments):
    """Fine-tune the teacher, and keep its scores of all texts."""
    import keras
    import numpy as np

    from eelbert_tf.models import BertTextClassifier, CompactBertBackbone
    from eelbert_tf.models.bert_directory import load_bert
    from eelbert_tf.training.fine_tune import optimizer

    keras.utils.set_random_seed(0)
    backbone = CompactBertBackbone.from_bert(load_bert(arguments.teacher, arguments.dtype)[0])
    task = BertTextClassifier(backbone, num_classes=2, pooling="cls_mean")
    with np.load(arguments.out / "pieces.npz") as file:
        arrays = {name: file[name] for name in file.files}
    batch = arguments.batch_size
    # Whole batches alone: each length and size is compiled anew.
    kept = len(arrays["train"]) // batch * batch
    order = np.random.default_rng(0).permutation(len(arrays["train"]))[:kept]
    steps = arguments.epochs * kept // batch
    task.compile(optimizer=optimizer(arguments.learning_rate, steps))
    task.fit(
        inputs(arrays["train"][order]),
        arrays["train_labels"][order],
        batch_size=batch,
        epochs=arguments.epochs,
        verbose=2,
    )
    scores = {name: score(task, arrays[name]) for name in ("train", "held_out", "free")}
    right = (scores["held_out"] > 0) == arrays["held_out_labels"].astype(bool)
    np.savez(arguments.out / "scores.npz", **scores)
    record = {
        "task": arguments.task,
        "held_out_accuracy": float(right.mean()),
        "rows": {name: len(values) for name, values in scores.items()},
        "settings": {
            name: getattr(arguments, name)
            for name in ("epochs", "learning_rate", "batch_size", "dtype", "spoilt")
        },
    }
    print(record, flush=True)
    (arguments.out / "teacher.json").write_text(json.dumps(record, indent=1) + "\n")


def inputs(ids):
    """What the network takes."""
    import numpy as np

    ids = ids.astype("int32")
    return {
        "token_ids": ids,
        "padding_mask": (ids > 0).astype("int32"),
        "segment_ids": np.zeros_like(ids),
    }


def score(task, ids, batch=1024):
    """The difference of the two logits, float32 `(rows,)`."""
    import numpy as np

    full = np.concatenate([ids, np.repeat(ids[:1], -len(ids) % batch, axis=0)])
    logits = np.asarray(task.predict(inputs(full), batch_size=batch, verbose=0), "float32")
    return (logits[:, 1] - logits[:, 0])[: len(ids)]


def write(arguments):
    """The file that `--intermediate` takes."""
    import numpy as np

    texts = json.loads((arguments.out / "texts.json").read_text())
    with np.load(arguments.out / "scores.npz") as file:
        scores = {name: np.clip(file[name], -LIMIT, LIMIT) for name in file.files}
    with open(arguments.out / "rows.tsv", "w", encoding="utf-8") as file:
        file.write("score\ttext\n")
        for name in ("train", "free"):
            for text, value in zip(texts[name], scores[name]):
                file.write(f"{value:.3f}\t{' '.join(text.split())}\n")


if __name__ == "__main__":
    main()
