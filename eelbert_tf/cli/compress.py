"""`eelbert compress`."""

import sys

from eelbert_tf.cli.flags import DATA_HELP, add_columns
from eelbert_tf.cli.interrupt import interrupt_between_batches
from eelbert_tf.cli.quiet import import_tensorflow
from eelbert_tf.cli.train import check_unicode, read_train_and_dev, write_model
from eelbert_tf.compression.methods import METHODS, method_options


def add_parser(commands):
    """Add the command's parser."""
    parser = commands.add_parser(
        "compress",
        help="make a trained model smaller while it trains on",
        description="Make a trained model smaller while it trains on, head included. Methods can "
        "follow each other: what is 0 stays 0. Export the result by `eelbert export --quantize`.",
    )
    parser.add_argument(
        "model", metavar="MODEL", help="what `eelbert train` wrote, or the name of a shipped model"
    )
    parser.add_argument(
        "--method",
        required=True,
        choices=METHODS,
        help="prune: the smallest weights become 0; cluster: few distinct weights; qat: weights "
        "as int8 or int4 stores them",
    )
    parser.add_argument("--data", required=True, metavar="DATA", help=DATA_HELP)
    parser.add_argument("--dev", metavar="DATA", help="rows to score on; else a tenth of DATA")
    parser.add_argument("--dev-split", metavar="NAME", help="of a tfds: data set in --dev")
    parser.add_argument("--out", required=True, metavar="DIR", help="where the model goes")
    parser.add_argument("--epochs", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--batch-size", type=int, default=32, help="default: %(default)s")
    parser.add_argument("--learning-rate", type=float, default=1e-3, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--overwrite", action="store_true", help="replace DIR if it exists")
    prune = parser.add_argument_group("prune")
    prune.add_argument("--sparsity", type=float, help="share of zeros (default: 0.8)")
    prune.add_argument("--pattern", help="such as 2:4, two zeros in each four neighbours, instead")
    prune.add_argument(
        "--schedule",
        choices=("polynomial", "constant"),
        help="whether zeros become more over half of the training, or are there from its start "
        "(default: polynomial)",
    )
    cluster = parser.add_argument_group("cluster")
    cluster.add_argument("--clusters", type=int, help="values a weight matrix may hold (16)")
    qat = parser.add_argument_group("qat")
    qat.add_argument("--bits", type=int, help="8, or 4 with 8 for the head (default: 8)")
    add_columns(parser)


def run(arguments):
    """Read model and data, train on under the method, and write the model directory."""
    from eelbert_tf.files import check_free
    from eelbert_tf.runtimes.load import model_part

    check_unicode(arguments.line)
    names = {option for method in METHODS.values() for option in method.options}
    options = method_options(arguments.method, {name: getattr(arguments, name) for name in names})
    model_part(arguments.model, "keras")
    check_free(arguments.out, arguments.overwrite, directory=True)
    train, dev, evaluated_on = read_train_and_dev(arguments)
    import_tensorflow()
    from eelbert_tf.compression.compress import compress, load_for_compression
    from eelbert_tf.compression.matrices import weight_report

    task, pair = load_for_compression(arguments.model, train)
    with interrupt_between_batches() as interrupts:
        compress(
            task,
            pair,
            train,
            arguments.method,
            options,
            epochs=arguments.epochs,
            batch_size=arguments.batch_size,
            learning_rate=arguments.learning_rate,
            seed=arguments.seed,
            callbacks=[interrupts],
            verbose="auto" if sys.stdout.isatty() else 2,  # a bar, or a line an epoch
        )
    report = weight_report(task)
    print(
        f"{report['sparsity']:.1%} of {report['numbers']:,} weights in {report['matrices']} "
        f"matrices are 0; a matrix holds up to {report['distinct_values']:,} distinct values."
    )
    more = {"preset": arguments.model, **options, "weights": report}
    write_model(task, train, dev, evaluated_on, arguments, **more)
