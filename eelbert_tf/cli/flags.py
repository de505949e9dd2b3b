"""Flags that several commands take."""

DATA_HELP = "a .tsv, .csv, .jsonl, .parquet or fastText .txt file (also .gz, .xz), or tfds:NAME"


def add_columns(command):
    """Add the flags that say where texts and labels are in the data."""
    columns = command.add_argument_group("columns of the data")
    columns.add_argument("--text-column", metavar="NAME")
    columns.add_argument("--text-pair-column", metavar="NAME")
    columns.add_argument("--label-column", metavar="NAME")
    columns.add_argument("--split", metavar="NAME", help="of a tfds: data set")
    columns.add_argument(
        "--file-format", metavar="NAME", help="where the file's ending does not tell"
    )
    columns.add_argument(
        "--skip-bad-rows",
        action="store_true",
        help="go on without the rows that cannot be read, and save them to a file",
    )


def add_steps_per_execution(command):
    """Add the flag of many steps in one call."""
    command.add_argument(
        "--steps-per-execution",
        type=int,
        default=1,
        metavar="N",
        help="steps of one compiled call on the JAX backend; 32 or so keep a GPU busy "
        "(default: %(default)s)",
    )
