"""The methods of `eelbert compress`. Imports nothing heavy, for the command line's start."""

import dataclasses
import importlib

from eelbert_tf.errors import UserError

# What a method makes smaller.
TASK, ENCODER = "task", "encoder"


@dataclasses.dataclass(frozen=True)
class Option:
    """A setting of a method, which is a flag of the command line.

    Attributes:
        help: str, for the command line.
        type: function from what is typed to the value; bool for a flag without one.
        default: what it is where it is not given.
        choices: tuple of str, or None.
    """

    help: str
    type: type = str
    default: object = None
    choices: tuple | None = None


@dataclasses.dataclass(frozen=True)
class Method:
    """A way to make a model smaller.

    Attributes:
        summary: str, what it does, in a few words.
        module: str. Of a method for tasks, its `prepare(task, **options)` changes the task where
            it must, and returns the Keras callbacks that fine-tune it. Of one for encoders, its
            `compress(source, run, data=..., seed=..., report=..., **options)` returns a smaller
            `EncoderPreset`; see `compress_preset`.
        options: dict from names to `Option`s.
        source: `TASK`, what `eelbert train` wrote; `ENCODER`, a directory of a BERT or a preset.
        data: str, what the data must be, or None where the method takes none.
        needs_data: bool. Whether it cannot do without.
        training: dict of the defaults of `epochs`, `batch_size` and `learning_rate`, as far as
            the method takes them. To a method for encoders they are options like the others.
            Where a default is an int, whole numbers alone are taken.
        unit: str, what the speed of its progress counts.
    """

    summary: str
    module: str
    options: dict
    source: str = TASK
    data: str | None = "labelled rows"
    needs_data: bool = True
    training: dict = dataclasses.field(default_factory=dict)
    unit: str = "rows"


_FINE_TUNING = {"epochs": 3, "batch_size": 32, "learning_rate": 1e-3}
_RANK = {
    "rank": Option("columns of the narrow table; this or --ratio", int),
    "ratio": Option("numbers of the token table over those of its factors", float),
}

METHODS = {
    "prune": Method(
        "the smallest weights become 0",
        "eelbert_tf.compression.pruning",
        {
            "sparsity": Option("share of zeros (default: 0.8)", float),
            "pattern": Option("such as 2:4, two zeros in each four neighbours, instead"),
            "schedule": Option(
                "whether zeros become more over half of the training, or are there from its "
                "start (default: polynomial)",
                choices=("polynomial", "constant"),
            ),
        },
        training=_FINE_TUNING,
    ),
    "cluster": Method(
        "few distinct weights",
        "eelbert_tf.compression.clustering",
        {"clusters": Option("values a weight matrix may hold (default: 16)", int, 16)},
        training=_FINE_TUNING,
    ),
    "qat": Method(
        "weights as int8 or int4 stores them",
        "eelbert_tf.compression.quantization_aware_training",
        {"bits": Option("8, or 4 with 8 for the head (default: 8)", int, 8)},
        training=_FINE_TUNING,
    ),
    "svd": Method(
        "the token table as two factors, the nearest by L2",
        "eelbert_tf.embedding_compression.svd_method",
        _RANK,
        ENCODER,
        data=None,
    ),
    "autoencoder": Method(
        "the token table as two factors, the nearest by direction or another loss",
        "eelbert_tf.embedding_compression.autoencoder_method",
        {
            **_RANK,
            "loss": Option(
                "cosine (the paper's), l2, or weights such as cosine=0.1995,power=0.0025,l2=1 "
                "(default: cosine)",
                default="cosine",
            ),
            "activation": Option(
                "between the factors (default: linear)",
                default="linear",
                choices=("linear", "elu"),
            ),
            "start": Option(
                "of the factors (default: random)", default="random", choices=("random", "svd")
            ),
        },
        ENCODER,
        data="a corpus or shards, on whose perplexity the best epoch is chosen (may be left out)",
        needs_data=False,
        training={"epochs": 30, "batch_size": 32, "learning_rate": 1e-3},
    ),
    "decompose": Method(
        "the encoder's matrices in factors that they share",
        "eelbert_tf.decomposition.decompose",
        {
            "protocol": Option(
                "II: factors of each matrix; III: shared but for a square of each; IV: squares "
                "mixed of a bank (default: IV)",
                default="IV",
                choices=("II", "III", "IV"),
            ),
            "rank": Option("width between the factors of the encoder; this or --ratio", int),
            "bank": Option("squares of protocol IV (default: a quarter of the matrices)", int),
            "ratio": Option("parameters of the Transformer layers, before over after", float),
        },
        ENCODER,
        data=None,
    ),
    "mixed-vocab": Method(
        "a small BERT with few WordPieces, from a teacher that trains on the pieces of both",
        "eelbert_tf.mixed_vocabulary.compress",
        {
            "student": Option("its LAYERSxWIDTH, such as 12x128 (default: 6x256)", default="6x256"),
            "vocabulary_size": Option("its WordPieces (default: 4928)", int, 4928),
            "vocabulary": Option("a file with them, a piece a line; else they are learnt"),
            "mixing": Option(
                "probability that a word is the student's while the teacher trains (default: 0.5)",
                float,
                0.5,
            ),
            "ramp": Option(
                "share of the teacher's steps over which it rises from 0 (default: 0)", float, 0.0
            ),
            "stage_1_epochs": Option("passes of the teacher (default: 1)", float, 1.0),
            "stage_1_learning_rate": Option("of the teacher (default: 5e-4)", float, 5e-4),
            "shared_projections": Option(
                "version 1 of the paper: both learn at once, in --epochs passes, the student's "
                "weights near projections of the teacher's",
                bool,
                False,
            ),
            "projection_weight": Option("of these in the loss (default: 1e-3)", float, 1e-3),
            "batch_tokens": Option("places of a batch (default: 8192)", int, 8192),
            "row_words": Option("fill rows of as many words with neighbouring sequences", int),
            "dtype": Option("such as mixed_bfloat16 (default: float32)", default="float32"),
        },
        ENCODER,
        data="a corpus or shards",
        training={"epochs": 1.0, "learning_rate": 1e-3},
        unit="words",
    ),
}


def method_options(name, given):
    """The options of a method, those given and else the defaults.

    Args:
        name: str, one of `METHODS`.
        given: dict of options of any methods; None where one is not given.

    Raises:
        UserError: one belongs to another method.
    """
    defaults = {option: one.default for option, one in METHODS[name].options.items()}
    return _chosen(name, given, defaults, lambda method: method.options)


def training_settings(name, given):
    """The epochs, batch size and learning rate of a method, as far as it takes them.

    Args:
        name: str, one of `METHODS`.
        given: dict of these settings; None where one is not given.

    Raises:
        UserError: the method does not take one that is given, or not a part of a pass.
    """
    defaults = METHODS[name].training
    settings = _chosen(name, given, defaults, lambda method: method.training)
    for option, default in defaults.items():
        if isinstance(default, int) and settings[option] != int(settings[option]):
            raise UserError(
                f"`--{option.replace('_', '-')}` must be a whole number for `--method {name}`. "
                f"Received: {settings[option]}."
            )
    return {option: type(defaults[option])(value) for option, value in settings.items()}


def prepare(name, task, options):
    """Prepare a task for a method; returns the callbacks that fine-tune it.

    Args:
        name: str, one of `METHODS` for tasks.
        task: `EelbertTextClassifier`, changed in place.
        options: dict, as `method_options` gives it.

    Raises:
        UserError: an option is out of range.
    """
    return importlib.import_module(METHODS[name].module).prepare(task, **options)


def _chosen(name, given, defaults, names_of):
    for option, value in given.items():
        if value is not None and option not in defaults:
            owners = [other for other, method in METHODS.items() if option in names_of(method)]
            raise UserError(
                f"`--{option.replace('_', '-')}` is for `--method {' or '.join(owners)}`. "
                f"Received: --method {name}."
            )
    return {
        option: default if given.get(option) is None else given[option]
        for option, default in defaults.items()
    }
