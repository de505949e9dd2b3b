"""Question answering on SQuAD v1.1, with files of your own.

    python examples/squad.py my_bert --train train-v1.1.json --dev dev-v1.1.json --out answerer

`my_bert` is the directory of a BERT (KerasHub's, Hugging Face's, or what `eelbert compress` wrote)
or of an EELBERT. The settings are those of "Direction is what you need" (arXiv 2106.08181): windows
of 384, stride 128, 3 epochs at 3e-5. OUT/scores.json holds exact match and F1, OUT/predictions.json
the answers, as the official evaluate-v1.1.py takes them.
"""

import argparse
import json
import sys

from eelbert_tf.compression.encoder_preset import EncoderPreset
from eelbert_tf.embedding_compression.backbone import freeze_factors
from eelbert_tf.errors import UserError
from eelbert_tf.files import replaced
from eelbert_tf.question_answering.metrics import squad_scores
from eelbert_tf.question_answering.question_answerer import QuestionAnswerer
from eelbert_tf.question_answering.squad import read_squad


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", metavar="DIR")
    parser.add_argument("--train", required=True, metavar="FILE", help="train-v1.1.json")
    parser.add_argument("--dev", required=True, metavar="FILE", help="dev-v1.1.json")
    parser.add_argument("--out", required=True, metavar="DIR")
    parser.add_argument("--length", type=int, default=384)
    parser.add_argument("--stride", type=int, default=128)
    parser.add_argument("--max-question", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=3e-5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--freeze-factors", action="store_true", help="of a compressed table")
    parser.add_argument("--skip-bad-rows", action="store_true", help="go on without, and tell them")
    arguments = parser.parse_args()
    try:
        run(arguments)
    except UserError as error:
        sys.exit(f"error: {error}")


def run(arguments):
    train, dev = (read(path, arguments.skip_bad_rows) for path in (arguments.train, arguments.dev))
    source = EncoderPreset.load(arguments.model)
    if arguments.freeze_factors:
        freeze_factors(source.backbone)
    answerer = QuestionAnswerer(source, arguments.length, arguments.stride, arguments.max_question)
    with replaced(arguments.out) as directory:
        answerer.fit(
            train,
            epochs=arguments.epochs,
            batch_size=arguments.batch_size,
            learning_rate=arguments.learning_rate,
            seed=arguments.seed,
            verbose="auto" if sys.stdout.isatty() else 2,
        )
        predictions = answerer.predict(dev)
        scores = squad_scores(dev, predictions)
        directory.mkdir()
        answerer.save(directory)
        for name, value in (("scores", scores), ("predictions", predictions)):
            text = json.dumps(value, indent=2, ensure_ascii=False)
            (directory / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"exact match {scores['exact_match']:.2f}, F1 {scores['f1']:.2f}: {len(dev)} questions")


def read(path, skip_bad_rows):
    questions = read_squad(path, skip_bad_rows)
    for row in questions.skipped:
        print(f"left out: {path}, question {row.line}: {row.reason}", file=sys.stderr)
    return questions.rows


if __name__ == "__main__":
    main()
