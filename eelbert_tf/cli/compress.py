"""`eelbert compress`."""

import sys

from eelbert_tf.cli.flags import DATA_HELP, add_columns
from eelbert_tf.cli.interrupt import interrupt_between_batches
from eelbert_tf.cli.progress import print_progress
from eelbert_tf.cli.quiet import import_tensorflow
from eelbert_tf.cli.train import check_unicode, read_train_and_dev, write_model
from eelbert_tf.compression.methods import (
    ENCODER,
    METHODS,
    TASK,
    method_options,
    training_settings,
)

_TRAINING = {"epochs": float, "batch_size": int, "learning_rate": float}


def add_parser(commands):
    """Add the command's parser."""
    parser = commands.add_parser(
        "compress",
        help="make a trained model smaller",
        description="Make a trained model smaller. Some methods change a task while it trains on, "
        "head included, and can follow each other: what is 0 stays 0; export the result by "
        "`eelbert export --quantize`. Others turn a trained encoder, a BERT or a preset, into the "
        "preset of a smaller one, without a head, for `eelbert train`, `glue` and `distill`; "
        "stopped, they go on from DIR.run.",
    )
    parser.add_argument(
        "model",
        metavar="MODEL",
        help=f"for {_names(TASK)}: what `eelbert train` wrote, or the name of a shipped model"
        f"; for {_names(ENCODER)}: a BERT's or a preset's directory",
    )
    parser.add_argument(
        "--method",
        required=True,
        choices=METHODS,
        help="; ".join(f"{name}: {method.summary}" for name, method in METHODS.items()),
    )
    kinds = {method.data for method in METHODS.values() if method.source == ENCODER} - {None}
    others = [f"{kind} for {_fitting('data', kind)}" for kind in sorted(kinds)]
    parser.add_argument("--data", metavar="DATA", help="; ".join([DATA_HELP, *others]))
    parser.add_argument("--dev", metavar="DATA", help="rows to score on; else a tenth of DATA")
    parser.add_argument("--dev-split", metavar="NAME", help="of a tfds: data set in --dev")
    parser.add_argument("--out", required=True, metavar="DIR", help="where the model goes")
    for name, type in _TRAINING.items():
        defaults = {n: m.training[name] for n, m in METHODS.items() if name in m.training}
        of_each = ", ".join(f"{value} for {method}" for method, value in defaults.items())
        parser.add_argument(_flag(name), type=type, help=f"default: {of_each}")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--overwrite", action="store_true", help="replace DIR if it exists")
    added = set()
    for method in METHODS.values():
        own = {name: one for name, one in method.options.items() if name not in added}
        group = own and parser.add_argument_group(_owners(next(iter(own))))
        for name, option in own.items():
            if _owners(name) != group.title:
                group = parser.add_argument_group(_owners(name))
            kind = {"type": option.type, "choices": option.choices}
            if option.type is bool:
                kind = {"action": "store_const", "const": True}
            group.add_argument(_flag(name), help=_help(name), **kind)
            added.add(name)
    add_columns(parser)


def run(arguments):
    """Make the model or preset smaller under the method."""
    check_unicode(arguments.line)
    method = METHODS[arguments.method]
    _check_data(arguments, method)
    names = {option for method in METHODS.values() for option in method.options}
    options = method_options(arguments.method, {name: getattr(arguments, name) for name in names})
    settings = {name: getattr(arguments, name) for name in _TRAINING}
    settings = training_settings(arguments.method, settings)
    if method.source == TASK:
        _compress_task(arguments, options, settings)
    else:
        _compress_encoder(arguments, {**options, **settings})


def _check_data(arguments, method):
    from eelbert_tf.errors import UserError

    if method.needs_data and method.data and arguments.data is None:
        raise UserError(
            f"`--method {arguments.method}` needs `--data`, {method.data}. Received: none."
        )
    labelled = METHODS["prune"].data
    for name in ("data", "dev"):
        takes = method.data if name == "data" else method.data == labelled
        if not takes and getattr(arguments, name) is not None:
            raise UserError(
                f"`--{name}` is not for `--method {arguments.method}`. Leave it out. "
                f"Received: --{name} {getattr(arguments, name)}."
            )


def _compress_task(arguments, options, settings):
    """Read model and data, train on under the method, and write the model directory."""
    from eelbert_tf.files import check_free
    from eelbert_tf.runtimes.load import model_part

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
            seed=arguments.seed,
            callbacks=[interrupts],
            verbose="auto" if sys.stdout.isatty() else 2,  # a bar, or a line an epoch
            **settings,
        )
    report = weight_report(task)
    print(
        f"{report['sparsity']:.1%} of {report['numbers']:,} weights in {report['matrices']} "
        f"matrices are 0; a matrix holds up to {report['distinct_values']:,} distinct values."
    )
    more = {"preset": arguments.model, **options, **settings, "weights": report}
    write_model(task, train, dev, evaluated_on, arguments, **more)


def _compress_encoder(arguments, options):
    """Write the preset directory of a smaller encoder."""
    from eelbert_tf.files import check_free

    check_free(arguments.out, arguments.overwrite, directory=True)
    import_tensorflow()
    from eelbert_tf.compression.compress_preset import compress_preset

    record = compress_preset(
        arguments.model,
        arguments.method,
        options,
        out=arguments.out,
        data=arguments.data,
        seed=arguments.seed,
        overwrite=arguments.overwrite,
        report=lambda progress: print_progress(progress, METHODS[arguments.method].unit),
    )
    before, after = record["parameters"]["before"], record["parameters"]["after"]
    print(f"{after:,} parameters, before {before:,} ({before / after:.1f} times as many)")
    print(f"Preset written to {arguments.out}")


def _names(source):
    return _fitting("source", source)


def _fitting(attribute, value):
    return ", ".join(name for name, m in METHODS.items() if getattr(m, attribute) == value)


def _owners(option):
    return ", ".join(name for name, method in METHODS.items() if option in method.options)


def _help(option):
    """What an option is, told for each of its methods where it is not the same to all."""
    owners = {}
    for name, method in METHODS.items():
        if option in method.options:
            owners.setdefault(method.options[option].help, []).append(name)
    if len(owners) == 1:
        return next(iter(owners))
    return "; ".join(f"{', '.join(names)}: {help}" for help, names in owners.items())


def _flag(name):
    return "--" + name.replace("_", "-")
