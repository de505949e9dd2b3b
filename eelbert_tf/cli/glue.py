"""`eelbert glue`."""

import argparse

from eelbert_tf.cli.data import import_tfds
from eelbert_tf.cli.interrupt import interrupt_between_batches
from eelbert_tf.cli.quiet import import_tensorflow
from eelbert_tf.poolings import PAIR_POOLINGS, TEXT_POOLINGS


def add_parser(commands):
    """Add the command to the parser of all commands."""
    glue = commands.add_parser(
        "glue",
        help="fine-tune a preset on the tasks of GLUE",
        description="Fine-tune a preset on the tasks of GLUE by one recipe, and write tables. "
        "Finished runs are kept in DIR/runs; started again, the command goes on where it ended.",
    )
    glue.add_argument(
        "model",
        metavar="MODEL",
        help="an architecture, a preset directory, or that of a BERT",
    )
    glue.add_argument("--out", required=True, metavar="DIR", help="where the results go")
    glue.add_argument(
        "--source",
        default="tfds",
        metavar="DIR|tfds",
        help="a directory of <task>/train.tsv.gz, dev.tsv.gz and test.tsv.gz, or TensorFlow "
        "Datasets (default: %(default)s)",
    )
    glue.add_argument("--tasks", type=_names, metavar="LIST", help="such as sst2,rte; else all")
    glue.add_argument("--seeds", type=int, default=5, help="default: %(default)s")
    glue.add_argument("--epochs", type=int, default=4, help="default: %(default)s")
    glue.add_argument(
        "--batch-sizes", type=_list_of(int), default=[32], metavar="LIST", help="default: 32"
    )
    glue.add_argument(
        "--learning-rates",
        type=_list_of(float),
        default=[3e-4, 1e-3, 2e-3],
        metavar="LIST",
        help="default: 3e-4,1e-3,2e-3",
    )
    glue.add_argument(
        "--grid-rows",
        type=int,
        default=10_000,
        help="rows to train on, at most, while batch size and rate are chosen "
        "(default: %(default)s)",
    )
    glue.add_argument("--max-words", type=int, default=128, help="default: %(default)s")
    glue.add_argument(
        "--pooling",
        choices=TEXT_POOLINGS,
        default="cls_mean",
        help="of single texts (default: %(default)s)",
    )
    glue.add_argument(
        "--pair-pooling",
        choices=PAIR_POOLINGS,
        default="aligned_pair",
        help="of pairs of texts (default: %(default)s)",
    )
    glue.add_argument(
        "--cross-attention",
        action="store_true",
        help="let the two texts of a pair see each other in the encoder",
    )
    glue.add_argument(
        "--dtype",
        default="float32",
        help="mixed_bfloat16: faster where the processor has bfloat16 (default: %(default)s)",
    )
    glue.add_argument(
        "--intermediate",
        action="append",
        default=[],
        metavar="TASK=FILE:COLUMN",
        help="labelled rows that the encoder learns before a task; may be given several times",
    )
    glue.add_argument(
        "--keep-models",
        action="store_true",
        help="keep the median seeds' models in DIR/models, and score them as int8 .tflite too",
    )
    glue.add_argument(
        "--overwrite", action="store_true", help="make runs of other settings in DIR again"
    )


def run(arguments):
    """Fine-tune a preset on the tasks of GLUE, and write tables of what it reaches."""
    from eelbert_tf.glue.intermediate import parse_intermediate
    from eelbert_tf.glue.recipe import Recipe
    from eelbert_tf.glue.source import TFDS
    from eelbert_tf.glue.tasks import chosen_tasks

    recipe = Recipe(
        seeds=arguments.seeds,
        epochs=arguments.epochs,
        batch_sizes=tuple(arguments.batch_sizes),
        learning_rates=tuple(arguments.learning_rates),
        grid_rows=arguments.grid_rows,
        max_words=arguments.max_words,
        pooling=arguments.pooling,
        pair_pooling=arguments.pair_pooling,
        cross_attention=arguments.cross_attention,
        dtype=arguments.dtype,
    )
    chosen_tasks(arguments.tasks)
    intermediate = parse_intermediate(arguments.intermediate)
    import_tensorflow()
    if arguments.source == TFDS:
        import_tfds()
    from eelbert_tf.glue.run import run_glue

    with interrupt_between_batches() as interrupts:
        run_glue(
            arguments.model,
            arguments.out,
            recipe,
            source=arguments.source,
            tasks=arguments.tasks,
            intermediate=intermediate,
            keep_models=arguments.keep_models,
            overwrite=arguments.overwrite,
            after_step=lambda: interrupts.on_train_batch_end(None),
        )
    with open(f"{arguments.out}/glue.md", encoding="utf-8") as table:
        print(table.read(), end="")
    print(f"Results written to {arguments.out}")


def _names(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def _list_of(number):
    def parse(text):
        try:
            return [number(part) for part in text.split(",")]
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"must be numbers with commas between. Received: {text!r}"
            ) from None

    return parse
